"""The supervised loop: it learns, keeps the best, and goes on unharmed after an interruption at any moment."""

import csv
import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from tiny_task import SIZE, BrightHalves, TinyTask, make_trainer, train_tiny

from dl_robotics import checkpoint
from dl_robotics.checkpoint import CheckpointError
from dl_robotics.training.errors import TrainingError
from dl_robotics.training.listener import Nobody
from dl_robotics.training.supervised import BEST, LAST, STATE

TIMES = ("elapsed_s", "waited_s")


def rows(path):
    with path.open(newline="") as file:
        return [{n: float(v) for n, v in row.items() if n not in TIMES} for row in csv.DictReader(file)]


def assert_equal_runs(one, other):
    """Weights, averages and moments bit for bit, and the tables but for the times."""
    for name in (BEST, LAST, STATE):
        first, second = checkpoint.load(one / name), checkpoint.load(other / name)
        assert first.weights.keys() == second.weights.keys()
        assert all(torch.equal(weight, second.weights[key]) for key, weight in first.weights.items())
        assert first.metrics == second.metrics
    for name in ("training.csv", "evaluation.csv"):
        assert rows(one / name) == rows(other / name)


class StopsAt(Nobody):
    """Stops a run after a step."""

    def __init__(self, step):
        self.stop_at, self.seen, self.bests = step, [], []

    def stepped(self, progress):
        self.seen.append(progress)

    def evaluated(self, step, figures, best):
        self.bests.append(best)

    def stopping(self):
        return len(self.seen) == self.stop_at


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """An uninterrupted run."""
    folder = tmp_path_factory.mktemp("whole")
    train_tiny(folder)
    return folder


def test_learns_and_leaves_checkpoints_and_curves(whole):
    best = checkpoint.load(whole / BEST, "tiny")
    assert best.metrics["accuracy"] >= 0.95  # chance is 0.5
    assert best.config == {"classes": ["background", "upper"]}
    assert best.task["recipe"]["steps"] == 40
    assert best.data_version == "bright halves 50 1"
    assert [row["step"] for row in rows(whole / "training.csv")] == [7, 14, 20, 21, 28, 35, 40]
    assert [row["step"] for row in rows(whole / "evaluation.csv")] == [20, 40]
    assert (whole / "curves.png").stat().st_size > 1_000


def test_the_kept_weights_have_the_kept_score(whole):
    saved, task = checkpoint.load(whole / BEST), TinyTask(seed=9)
    task.model.load_state_dict(dict(saved.weights))
    samples = BrightHalves(20, 2)
    figures = task.evaluate(samples[index] for index in range(len(samples)))
    assert figures["accuracy"] == saved.metrics["accuracy"]
    assert figures["entropy"] == pytest.approx(saved.metrics["entropy"], rel=1e-6)


@pytest.mark.parametrize("workers", [1, 3])
def test_equal_seeds_give_equal_weights_however_many_threads_prepare(tmp_path, whole, workers):
    train_tiny(tmp_path, workers=workers)
    ours, theirs = checkpoint.load(tmp_path / LAST).weights, checkpoint.load(whole / LAST).weights
    assert all(torch.equal(weight, theirs[name]) for name, weight in ours.items())


def test_other_seeds_give_other_weights(tmp_path, whole):
    train_tiny(tmp_path, seed=1)
    ours, theirs = checkpoint.load(tmp_path / LAST).weights, checkpoint.load(whole / LAST).weights
    assert not torch.equal(ours["0.weight"], theirs["0.weight"])


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"optimizer": {"kind": "sgd", "learning_rate": 0.05}, "average": None},
        {"optimizer": {"kind": "adam", "learning_rate": 0.01}, "channels_last": False},
    ],
)
def test_a_run_told_to_stop_goes_on_as_if_it_had_not(tmp_path, changes):
    train_tiny(tmp_path / "whole", **changes)
    listener = StopsAt(21)
    outcome = train_tiny(tmp_path / "parts", listener=listener, **changes)
    assert (outcome.step, outcome.finished) == (21, False)
    outcome = train_tiny(tmp_path / "parts", resume=True, **changes)
    assert (outcome.step, outcome.finished) == (40, True)
    assert_equal_runs(tmp_path / "whole", tmp_path / "parts")


def test_a_run_killed_at_any_moment_goes_on_as_if_it_had_not(tmp_path, whole):
    script = [sys.executable, str(Path(__file__).with_name("killed_runs.py")), str(tmp_path), "0"]
    ended = subprocess.run(script, stdout=subprocess.PIPE, text=True, timeout=300.0, check=True)
    kills = json.loads(ended.stdout)
    assert len(kills) >= 3
    assert_equal_runs(whole, tmp_path)


def test_a_finished_run_stays_as_it_is(tmp_path):
    train_tiny(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.*[vs]")}
    assert train_tiny(tmp_path, resume=True).finished
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.*[vs]")} == before


def test_resuming_nothing_begins_at_the_beginning(tmp_path, whole):
    train_tiny(tmp_path, resume=True)
    assert_equal_runs(whole, tmp_path)


def test_another_run_is_not_resumed(tmp_path, whole):
    with pytest.raises(TrainingError, match=r"state.safetensors: recipe.batch_size: expected 8 .* got 4"):
        make_trainer(whole, resume=True, batch_size=4)
    with pytest.raises(TrainingError, match=r"recipe.optimizer.learning_rate: expected 0.01"):
        make_trainer(whole, resume=True, optimizer={"kind": "adamw", "learning_rate": 0.02})


@pytest.mark.parametrize("damage", [lambda data: data[:-5], lambda data: data[:-5] + b"wrong", lambda _: b""])
def test_a_damaged_state_is_refused(tmp_path, whole, damage):
    (tmp_path / STATE).write_bytes(damage((whole / STATE).read_bytes()))
    with pytest.raises(CheckpointError, match=STATE):
        make_trainer(tmp_path, resume=True)


def test_training_ends_when_patience_does(tmp_path):
    class Worsens(TinyTask):
        def evaluate(self, samples):
            self.scores = getattr(self, "scores", 10.0) - 1.0
            return {"accuracy": self.scores}

    outcome = train_tiny(tmp_path, task=Worsens(), patience=2, evaluate_every=10)
    assert outcome.finished
    assert (outcome.step, outcome.score) == (30, 9.0)
    assert checkpoint.load(tmp_path / BEST).metrics["step"] == 10
    assert checkpoint.load(tmp_path / LAST).metrics["step"] == 30


class Poisoned(TinyTask):
    """Its loss is not a number from some step on."""

    def __init__(self, step, poison):
        super().__init__()
        self.steps, self.poison_at, self.poison = 0, step, poison

    def loss(self, batch):
        self.steps += 1
        parts = super().loss(batch)
        return {**parts, "entropy": self.poison(parts["entropy"])} if self.steps == self.poison_at else parts


@pytest.mark.parametrize(
    ("poison", "told"),
    [
        (lambda loss: loss * math.nan, "entropy nan"),
        (lambda loss: loss + math.inf, "entropy inf"),
        # The root of 0 has the value 0 and an infinite slope.
        (lambda loss: loss + torch.sqrt(loss - loss), "gradient_norm nan"),
    ],
)
def test_what_is_not_finite_stops_the_run_and_harms_nothing(tmp_path, poison, told):
    with pytest.raises(TrainingError, match=rf"step 26: expected finite numbers, got .*{told}.*halves\[\d+\], halves"):
        train_tiny(tmp_path, task=Poisoned(26, poison))
    train_tiny(tmp_path, resume=True)
    assert checkpoint.load(tmp_path / BEST).metrics["accuracy"] >= 0.95


def test_listeners_hear_of_every_step_and_of_new_best_checkpoints(tmp_path):
    listener = StopsAt(40)
    train_tiny(tmp_path, listener=listener)
    assert [progress.step for progress in listener.seen] == list(range(1, 41))
    first, last = listener.seen[0], listener.seen[-1]
    assert (first.total, math.isnan(first.score)) == (40, True)
    assert first.remaining_s > 0.0
    assert (last.remaining_s, last.score) == (0.0, checkpoint.load(tmp_path / BEST).metrics["accuracy"])
    assert listener.bests[0] == tmp_path / BEST


@pytest.mark.parametrize(("epochs", "expected"), [(2.0, 13), (0.5, 4)])
def test_epochs_in_steps(tmp_path, epochs, expected):
    assert make_trainer(tmp_path, steps=None, epochs=epochs).total == expected  # 50 samples, 8 in a batch


def test_gradients_are_clipped(tmp_path):
    train_tiny(tmp_path, optimizer={"kind": "sgd", "learning_rate": 1.0, "momentum": 0.0}, steps=1, max_grad_norm=1e-3)
    before, after = TinyTask().model, checkpoint.load(tmp_path / STATE).weights
    # The first step's rate is a sixth, of the warm-up; weight decay moves each weight by less than 1e-4 of itself.
    moved = sum((after[f"model/{n}"] - p).square().sum().item() for n, p in before.named_parameters()) ** 0.5
    assert moved == pytest.approx(1e-3 / 6.0, rel=0.1)
    assert SIZE == 8
