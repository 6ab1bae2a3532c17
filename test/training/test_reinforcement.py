"""The loop learns, and does so again in the same way."""

import csv
from contextlib import closing

import pytest
import torch

from dl_robotics import checkpoint, config
from dl_robotics.resources import config_file
from dl_robotics.rl.policy import greedy_policy
from dl_robotics.training.best import BestCheckpoint
from dl_robotics.training.environments import make_environments
from dl_robotics.training.logging import ScalarLog
from dl_robotics.training.progress import Progress
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.reinforcement import BEST, Trainer, make_source, train
from dl_robotics.training.threads import compute_threads

SHORT = {"total_steps": 1_200, "learning_starts": 400, "eval_every": 500, "eval_episodes": 4, "eval_envs": 4}


def cartpole(**overrides):
    return config.load(Recipe, config_file("training", "cartpole_dqn.yaml"), **overrides)


def trained_weights(folder, **overrides):
    folder.mkdir()
    train(cartpole(**SHORT, **overrides), folder)
    return checkpoint.load(folder / BEST).weights


def rows(path):
    with path.open(newline="") as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


def test_equal_seeds_give_equal_weights(tmp_path):
    runs = {name: trained_weights(tmp_path / name, seed=seed) for name, seed in (("a", 1), ("b", 1), ("c", 2))}
    for name, weight in runs["a"].items():
        assert torch.equal(runs["b"][name], weight)
    assert not torch.equal(runs["c"]["0.weight"], runs["a"]["0.weight"])


def test_a_run_leaves_its_policy_and_its_curves(tmp_path):
    threads = torch.get_num_threads()
    best = train(cartpole(**SHORT, num_envs=7, updates_per_step=0.3, log_every=300), tmp_path)
    assert torch.get_num_threads() == threads
    # 171 steps of 7 environments are 1,197; evaluations are due at each 500 and at the end.
    evaluations, training = rows(tmp_path / "evaluation.csv"), rows(tmp_path / "training.csv")
    assert [row["step"] for row in evaluations] == [504, 1_001, 1_197]
    assert [row["step"] for row in training] == [301, 602, 903, 1_197]
    assert max(row["mean_return"] for row in evaluations) == best.mean_return
    assert training[-1]["epsilon"] < training[0]["epsilon"]
    assert [row["step"] for row in rows(tmp_path / "learning.csv")] == [602, 903, 1_197]

    saved = checkpoint.load(tmp_path / BEST, "dqn")
    assert saved.metrics["mean_return"] == best.mean_return
    assert saved.config["training"]["num_envs"] == 7
    assert greedy_policy(saved).obs_dim == 4


@pytest.mark.parametrize(("ratio", "expected"), [(0.3, 242), (2.0, 1_616)])
def test_updates_per_step(tmp_path, ratio, expected):
    # Steps 400, 408, ... 1,200 learn: 101 times 8 environments' worth of updates, fractions carried over.
    recipe = cartpole(**SHORT, updates_per_step=ratio, batch_size=4)
    with (
        compute_threads(1),
        closing(make_source(recipe)) as source,
        closing(make_environments(recipe.env, 4)) as eval_env,
        ScalarLog(tmp_path) as log,
        Progress(recipe.total_steps) as progress,
    ):
        trainer = Trainer(recipe, source, eval_env, best=BestCheckpoint(tmp_path / BEST), log=log, progress=progress)
        trainer.run()
    assert trainer.agent.updates == expected
    assert len(trainer.agent.replay) == recipe.total_steps


def test_learns_to_balance(tmp_path):
    # Steps on seeds 0 to 4: 190 to 295. Random actions hold the pole for 22, learners with a broken target at most 47.
    best = train(cartpole(total_steps=7_500), tmp_path)
    assert best.mean_return >= 150.0
    assert best.mean_length == best.mean_return
