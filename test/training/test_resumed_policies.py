"""A run that was interrupted anywhere ends as one that was not: weights, replay, generators, environments, tables."""

import csv
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from killed_policies import recipe

from dl_robotics import checkpoint
from dl_robotics.checkpoint import CheckpointError
from dl_robotics.config import ConfigError
from dl_robotics.training.errors import TrainingError
from dl_robotics.training.reinforcement import BEST, train
from dl_robotics.training.run_state import saved_states

ALL = {"keep_states": 1_000}
NETS = {"hidden": [8], "noise": {"random_steps": 40, "kind": "ornstein_uhlenbeck"}, "normalise": True}
PENDULUM = {"env": {"id": "Pendulum-v1", "vectorization": "sync", "kwargs": {"max_episode_steps": 25}}}
NAVIGATION = {"id": "dl_robotics.navigation:dl_robotics/Navigation-v0", "kwargs": {"world": "arena"}}
NAVIGATION["kwargs"]["task"] = "burger"
RECIPES = {
    "dqn": {},
    "ddpg": {**PENDULUM, "algorithm": {"kind": "ddpg", **NETS}},
    "td3 driving": {"env": NAVIGATION, "algorithm": {"kind": "td3", **NETS}, "total_steps": 200, "eval_every": 200},
    "reinforce": {"algorithm": {"kind": "reinforce", "hidden": [8], "episodes_per_update": 4}},
    "a2c": {"algorithm": {"kind": "a2c", "hidden": [8], "rollout_steps": 5}},
}


def rows(path):
    with path.open(newline="") as file:
        return [{n: v for n, v in row.items() if n != "elapsed_s"} for row in csv.DictReader(file)]


def assert_equal_runs(one, other):
    for first, second in ((one / BEST, other / BEST), (saved_states(one)[-1], saved_states(other)[-1])):
        ours, theirs = checkpoint.load(first), checkpoint.load(second)
        assert ours.weights.keys() == theirs.weights.keys()
        for name, weight in ours.weights.items():
            np.testing.assert_array_equal(weight, theirs.weights[name], name)
        for plain in (ours.config, theirs.config):
            plain.get("state", {}).pop("elapsed_s", None)
        assert ours.config.get("state") == theirs.config.get("state")
        assert ours.metrics == theirs.metrics
    for name in ("training.csv", "learning.csv", "evaluation.csv"):
        assert rows(one / name) == rows(other / name)


@pytest.mark.parametrize("name", RECIPES)
def test_every_algorithm_resumes_bit_for_bit(tmp_path, name):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    whole.mkdir()
    settings = recipe(**RECIPES[name], **ALL)
    train(settings, whole)
    shutil.copytree(whole, cut)
    states = saved_states(cut)
    for state in states[len(states) * 2 // 5 :]:
        state.unlink()
    train(settings, cut, resume=True)
    assert_equal_runs(whole, cut)


def test_killed_at_random_moments(tmp_path):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    whole.mkdir()
    killed.mkdir()
    train(recipe(), whole)
    script = Path(__file__).with_name("killed_policies.py")
    done = subprocess.run([sys.executable, script, killed, "1"], stdout=subprocess.PIPE, text=True, check=True)
    assert int(done.stdout) >= 2
    assert_equal_runs(whole, killed)


def test_the_last_states_are_kept_and_nothing_half_written(tmp_path):
    train(recipe(total_steps=100), tmp_path)
    assert [path.name for path in saved_states(tmp_path)] == [f"state-{step:012}.safetensors" for step in (96, 100)]
    assert not list(tmp_path.glob(".*"))


@pytest.fixture
def begun(tmp_path):
    train(recipe(total_steps=40), tmp_path)
    return tmp_path


def test_a_run_is_not_overwritten(begun):
    with pytest.raises(ConfigError, match="output: expected a folder without a run, or --resume"):
        train(recipe(total_steps=40), begun)


def test_another_run_is_not_resumed(begun):
    with pytest.raises(TrainingError, match=r"algorithm\.gamma: expected 0\.99 as in the run to be resumed, got 0\.5"):
        train(recipe(total_steps=40, algorithm=replace(recipe().algorithm, gamma=0.5)), begun, resume=True)


def test_a_finished_run_is_resumed_to_its_result(begun):
    assert train(recipe(total_steps=40), begun, resume=True).mean_length == rows_length(begun)


def rows_length(folder):
    return float(rows(folder / "evaluation.csv")[-1]["mean_length"])


def test_a_damaged_state_is_refused_by_name(begun):
    newest = saved_states(begun)[-1]
    newest.write_bytes(newest.read_bytes()[:-10])
    with pytest.raises(CheckpointError, match=newest.name):
        train(recipe(total_steps=40), begun, resume=True)
