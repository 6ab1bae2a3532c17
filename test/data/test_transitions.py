"""Recorded transitions as arrays."""

import numpy as np
import pytest

from dl_robotics.data.errors import DataError
from dl_robotics.data.transitions import Transitions, joined, load_transitions
from dl_robotics.rl.replay import Batch
from dl_robotics.rl.spaces import Continuous, Discrete

BOX = Continuous((-2.0,), (2.0,))


def recorded(count=6, space=BOX, task=None):
    rng = np.random.default_rng(count)
    obs, next_obs = (rng.random((count, 3), np.float32) for _ in range(2))
    discrete = isinstance(space, Discrete)
    action = rng.integers(0, 2, count) if discrete else rng.uniform(-1.0, 1.0, (count, 1)).astype(np.float32)
    ended = np.arange(count) % 3 == 2
    terminated = ended & (np.arange(count) < 3)
    return Transitions(
        Batch(obs, action, rng.random(count, np.float32), next_obs, terminated), ended, space, task or {}
    )


@pytest.mark.parametrize("space", [BOX, Discrete(2)])
def test_a_file_holds_everything(tmp_path, space):
    ours = recorded(space=space, task={"name": "burger", "rate_hz": 10.0})
    ours.save(tmp_path / "t.npz")
    theirs = load_transitions(tmp_path / "t.npz")
    assert theirs.version == ours.version
    assert (theirs.space, theirs.task, theirs.obs_dim) == (space, ours.task, 3)
    assert theirs.episodes.tolist() == [0, 0, 0, 1, 1, 1]


def test_recordings_are_joined_and_none_goes_on_in_the_next():
    first, second = recorded(4), recorded(3)
    both = joined([first, second], ["a", "b"])
    assert both.ended.tolist() == [False, False, True, True, False, False, True]
    assert len(both.where(both.episodes == 2)) == 3


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"reward": None}, "reward: expected an array of this name"),
        ({"obs": np.zeros((6, 3, 2))}, r"obs: expected \(n, D\), got"),
        ({"next_obs": np.zeros((6, 2))}, r"next_obs: expected \(6, 3\), got \(6, 2\)"),
        ({"obs": np.full((6, 3), np.nan)}, "obs: expected finite numbers"),
        ({"action": np.full((6, 1), 1.5)}, r"action: expected numbers in \[-1, 1\]"),
        ({"terminated": np.zeros(6)}, "terminated: expected 6 flags, got float64"),
        ({"low": None}, "low: expected the bounds of the actions"),
        ({"high": np.array([-3.0])}, "actions: high: expected finite and above low"),
        ({"task": np.array("no JSON")}, "task: expected JSON"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path, changes, told):
    recorded().save(tmp_path / "whole.npz")
    with np.load(tmp_path / "whole.npz") as file:
        arrays = {name: value for name, value in {**file, **changes}.items() if value is not None}
    np.savez(tmp_path / "t.npz", **arrays)
    with pytest.raises(DataError, match=rf"t\.npz: {told}"):
        load_transitions(tmp_path / "t.npz")


def test_recordings_of_another_robot_are_refused():
    with pytest.raises(DataError, match="b: space: expected that of a, Continuous"):
        joined([recorded(), recorded(space=Discrete(2))], ["a", "b"])
