"""A run that was interrupted anywhere ends as one that was not: weights, replay, generators, environments, tables."""

import csv
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from killed_policies import KILLED, recipe

from dl_robotics import checkpoint
from dl_robotics.checkpoint import CheckpointError
from dl_robotics.config import ConfigError
from dl_robotics.training.errors import TrainingError
from dl_robotics.training.reinforcement import BEST, train
from dl_robotics.training.run_state import FINISHED, saved_states

ALL = {"keep_states": 1_000}
SHORT = {"total_steps": 100}
NETS = {"hidden": [8], "noise": {"random_steps": 40, "kind": "ornstein_uhlenbeck"}, "normalise": True}
PENDULUM = {"env": {"id": "Pendulum-v1", "vectorization": "sync", "kwargs": {"max_episode_steps": 25}}}
NAVIGATION = {"id": "dl_robotics.navigation:dl_robotics/Navigation-v0", "kwargs": {"world": "arena"}}
NAVIGATION["kwargs"]["task"] = "burger"
MEMORY = {"memory": {"units": 8, "length": 4, "burn_in": 2}}
SEQUENCES = {"n_step": 1, "priorities": None, "total_steps": 240}
RECIPES = {
    "dqn": {},
    "ddpg": {**PENDULUM, "algorithm": {"kind": "ddpg", **NETS}},
    "td3 driving": {"env": NAVIGATION, "algorithm": {"kind": "td3", **NETS}, "total_steps": 200, "eval_every": 200},
    "dqn, overlapping": {"overlap": True},
    "reinforce": {"algorithm": {"kind": "reinforce", "hidden": [8], "episodes_per_update": 4}},
    "reinforce, continuous": {**PENDULUM, "algorithm": {"kind": "reinforce", "hidden": [8], "episodes_per_update": 4}},
    "a2c": {"algorithm": {"kind": "a2c", "hidden": [8], "rollout_steps": 5}},
    "a2c, continuous": {**PENDULUM, "algorithm": {"kind": "a2c", "hidden": [8], "rollout_steps": 5}},
    "rnd": {"bonus": {"kind": "rnd", "hidden": [8]}, "n_step": 1},
    "count": {"bonus": {"kind": "count"}, "n_step": 1, **SHORT},
    "prediction": {**PENDULUM, "algorithm": {"kind": "td3", **NETS}, "bonus": {"kind": "prediction"}, "n_step": 1},
    "drqn": {"algorithm": {"kind": "drqn", "hidden": [8], **MEMORY}, **SEQUENCES},
    "recurrent td3, stacked": {
        "env": {**PENDULUM["env"], "frames": 2},
        "algorithm": {"kind": "recurrent_td3", "hidden": [8], **MEMORY},
        **SEQUENCES,
    },
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
    settings = recipe(**{"total_steps": 400, **RECIPES[name], **ALL})
    train(settings, whole)
    shutil.copytree(whole, cut)
    states = saved_states(cut)
    for path in (*states[len(states) * 2 // 5 :], cut / FINISHED):
        path.unlink()
    train(settings, cut, resume=True)
    assert_equal_runs(whole, cut)


@pytest.mark.parametrize("name", KILLED)
def test_killed_at_random_moments(tmp_path, name):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    whole.mkdir()
    killed.mkdir()
    train(recipe(**KILLED[name]), whole)
    script = Path(__file__).with_name("killed_policies.py")
    done = subprocess.run([sys.executable, script, killed, "1", name], stdout=subprocess.PIPE, text=True, check=True)
    assert int(done.stdout) >= 2
    assert_equal_runs(whole, killed)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A short run that has not been interrupted."""
    folder = tmp_path_factory.mktemp("whole")
    train(recipe(**SHORT), folder)
    return folder


@pytest.fixture
def begun(whole, tmp_path):
    """The same as an interruption at its very end would leave it."""
    folder = shutil.copytree(whole, tmp_path / "begun")
    (folder / FINISHED).unlink()
    return folder


def test_the_last_states_are_kept_and_nothing_half_written(whole):
    assert [path.name for path in saved_states(whole)] == [f"state-{step:012}.safetensors" for step in (96, 100)]
    assert not list(whole.glob(".*"))


def resume(folder, **changes):
    return train(recipe(**SHORT, **changes), folder, resume=True)


def test_a_run_is_not_overwritten(begun):
    with pytest.raises(ConfigError, match="output: expected a folder without a run, or --resume"):
        train(recipe(**SHORT), begun)


def test_another_run_is_not_resumed(begun):
    with pytest.raises(TrainingError, match=r"algorithm\.gamma: expected 0\.99 as in the run to be resumed, got 0\.5"):
        resume(begun, algorithm={**recipe().algorithm.__dict__, "gamma": 0.5})


def test_a_run_killed_at_its_end_is_resumed_to_its_result(begun):
    assert resume(begun).mean_length == rows_length(begun)
    assert (begun / FINISHED).exists()


def rows_length(folder):
    return float(rows(folder / "evaluation.csv")[-1]["mean_length"])


DONE = {**SHORT, "keep_finished": False}


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("done")
    train(recipe(**DONE), folder)
    return folder


@pytest.fixture
def finished(done, tmp_path):
    return shutil.copytree(done, tmp_path / "finished")


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_finished_run_needs_no_state_and_is_left_as_it_is(finished, capsys):
    before = contents(finished)
    assert FINISHED in before and not saved_states(finished)
    assert train(recipe(**DONE), finished, resume=True).mean_length == rows_length(finished)
    assert f"{finished}: finished before, after 100 steps: return " in capsys.readouterr().err
    assert contents(finished) == before


def test_a_finished_run_is_no_other_run(finished):
    with pytest.raises(ConfigError, match=r"finished\.safetensors"):
        train(recipe(**DONE), finished)
    with pytest.raises(TrainingError, match=r"finished\.safetensors: total_steps: expected 100 as in the run to be"):
        train(recipe(**DONE | {"total_steps": 80}), finished, resume=True)


@pytest.mark.parametrize("name", [BEST, FINISHED])
def test_a_finished_run_without_its_result_is_refused(finished, name):
    path = finished / name
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(CheckpointError, match=name):
        train(recipe(**DONE), finished, resume=True)


def test_an_interruption_while_states_are_removed_is_made_good(finished):
    (finished / "state-000000000096.safetensors").touch()
    train(recipe(**DONE), finished, resume=True)
    assert not saved_states(finished)


def cut_off(path):
    path.write_bytes(path.read_bytes()[:-10])


def flip_a_bit(path):
    data = bytearray(path.read_bytes())
    data[-10] ^= 1
    path.write_bytes(data)


def exchange(path):
    shutil.copy(path.parent / BEST, path)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (cut_off, "truncated, damaged or not a safetensors file"),
        (flip_a_bit, "damaged: expected SHA-256"),
        (exchange, "expected a checkpoint of kind 'reinforcement state', got 'dqn'"),
    ],
)
def test_a_damaged_state_is_passed_over_and_said_so(begun, whole, capsys, damage, told):
    older, newest = saved_states(begun)
    damage(newest)
    resume(begun)
    assert_equal_runs(whole, begun)
    said = capsys.readouterr().err
    for text in (said, (begun / "notes.txt").read_text()):
        assert f"{newest}: {told}" in text
        assert f"going on from {older.name}, after 96 steps" in text


def test_without_a_state_that_can_be_used_all_are_named(begun):
    for path in saved_states(begun):
        cut_off(path)
    with pytest.raises(
        TrainingError, match=f"(?s)to go on from, got .*{'.*'.join(p.name for p in saved_states(begun)[::-1])}"
    ):
        resume(begun)


def test_states_of_steps_that_are_done_again_are_removed(begun):
    newest = saved_states(begun)[-1]
    shutil.copy(newest, newest.with_name("state-000000000104.safetensors"))
    cut_off(newest.with_name("state-000000000104.safetensors"))
    cut_off(newest)
    resume(begun)
    assert [path.name[-7 - 12 : -12] for path in saved_states(begun)] == ["0000096", "0000100"]


def test_a_state_of_another_version_is_refused(begun):
    newest = saved_states(begun)[-1]
    saved = checkpoint.load(newest)
    del saved.config["state"]["agent"]["learner"]
    checkpoint.save(newest, replace(saved, weights={n: w for n, w in saved.weights.items() if "/learner/" not in n}))
    with pytest.raises(TrainingError, match=f"{newest.name}: expected the state of a run as version .*'learner'"):
        resume(begun)
