"""Sequences stay within their episodes, begin with the memory of that time, and count what is to be learned."""

import numpy as np
import pytest

from dl_robotics.rl.recurrent.network import MemoryConfig
from dl_robotics.rl.recurrent.sequences import SequenceReplay
from dl_robotics.rl.replay import Batch


def filled(steps, capacity=200, burn_in=2, length=3, ends=(5, 4)):
    """Two environments with episodes of 5 and 4 steps; observation and state tell environment and step."""
    replay = SequenceReplay(MemoryConfig(units=1, length=length, burn_in=burn_in), capacity, 2, obs_dim=2)
    for step in range(steps):
        age = np.array([step % ends[0], step % ends[1]])
        ended = age + 1 == ends
        obs = np.array([[0.0, step], [1.0, step]], np.float32)
        next_obs = np.array([[0.0, step + 1], [1.0, step + 1]], np.float32)
        batch = Batch(obs, np.array([step, step]), obs[:, 1], next_obs, ended & [True, False])
        replay.add(batch, ended, age[:, None].astype(np.float32))
    return replay


def around(replay, first, env=0):
    found = replay.around(np.array([first]), np.array([env]))
    return type(found)(*(field[0] for field in found))


def test_the_middle_of_an_episode():
    # Steps 0 to 4 are an episode: step 3 is learned from with step 4, after the burn-in of 1 and 2; 5 is another's.
    found = around(filled(20), first=3)
    assert found.action.tolist() == [1, 2, 3, 4, 5]
    assert found.counts.tolist() == [False, False, True, True, False]
    assert found.state.tolist() == [1.0]
    assert found.obs[:5, 1].tolist() == [1, 2, 3, 4, 5]
    assert found.terminated[:4].tolist() == [False, False, False, True]


def test_the_beginning_has_no_burn_in():
    found = around(filled(20), first=5)
    assert found.action.tolist() == [5, 6, 7, 8, 9]
    assert found.counts.tolist() == [True, True, True, False, False]
    assert found.state.tolist() == [0.0]
    assert around(filled(20), first=6).counts.tolist() == [False, True, True, True, False]


def test_the_newest_step_has_none_after_it():
    found = around(filled(18), first=17)
    assert found.counts.tolist() == [False, False, True, False, False]
    assert found.obs[2:4, 1].tolist() == [17, 18]


def test_an_overwritten_ring_forgets_the_oldest():
    replay = filled(33, capacity=20)  # rows 23 to 32 are left
    assert len(replay) == 20
    found = around(replay, first=1)  # step 24, whose episode began at 20
    assert found.action[:2].tolist() == [23, 24]
    assert found.counts.tolist() == [False, True, False, False, False]
    assert found.state.tolist() == [3.0]
    assert around(replay, first=2, env=1).action[0] == 24


def test_every_step_is_learned_from_equally_often():
    replay = filled(20, length=1)
    found = replay.sample(20_000, np.random.default_rng(0))
    assert (found.counts.sum(axis=1) == 1).all()
    drawn = np.bincount(found.action[found.counts], minlength=20)
    assert drawn.min() > 0.8 * drawn.mean()


def test_restored_replay_draws_the_same():
    replay, restored = filled(33, capacity=20), filled(3, capacity=20)
    restored.load_state_dict(replay.state_dict())
    drawn = [one.sample(16, np.random.default_rng(1)) for one in (replay, restored)]
    for ours, theirs in zip(*drawn, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_refuses_less_than_a_step_of_all():
    with pytest.raises(ValueError, match="at least 4"):
        SequenceReplay(MemoryConfig(), 3, 4, 2)
