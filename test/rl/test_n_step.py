"""Returns of several steps, by hand."""

import numpy as np
import pytest

from dl_robotics.rl.n_step import NStep
from dl_robotics.rl.replay import Batch


def steps(rewards, terminates=(), times_out=(), n=3, gamma=0.5):
    """The transitions, as (first observation, reward, last observation, terminated, steps), of one environment."""
    sums, rows = NStep(n, gamma), []
    for t, reward in enumerate(rewards):
        obs, next_obs = np.array([[t]], np.float32), np.array([[t + 1]], np.float32)
        one = Batch(obs, np.array([t]), np.array([reward], np.float32), next_obs, np.array([t in terminates]))
        batch = sums(one, np.array([t in terminates or t in times_out]))
        counts = np.broadcast_to(batch.steps, len(batch.obs))
        whole = zip(batch.obs, batch.reward, batch.next_obs, batch.terminated, counts, strict=True)
        rows += [(int(o[0]), float(r), int(p[0]), bool(d), int(k)) for o, r, p, d, k in whole]
    return rows


def test_sums_are_discounted():
    assert steps([1, 2, 4, 8]) == [(0, 1 + 1 + 1, 3, False, 3), (1, 2 + 2 + 2, 4, False, 3)]


@pytest.mark.parametrize("ending", ["terminates", "times_out"])
def test_an_ending_gives_shorter_ones_and_nothing_crosses_it(ending):
    rows = steps([1, 2, 4, 8, 16, 32, 64], **{ending: (3,)})
    end = ending == "terminates"
    assert rows == [
        (0, 3.0, 3, False, 3),
        (1, 6.0, 4, end, 3),
        (2, 8.0, 4, end, 2),
        (3, 8.0, 4, end, 1),
        (4, 16.0 + 16.0 + 16.0, 7, False, 3),
    ]


def test_an_episode_shorter_than_n():
    assert steps([1, 2], terminates=(1,)) == [(0, 2.0, 2, True, 2), (1, 2.0, 2, True, 1)]


def test_one_step_is_what_came():
    assert steps([1, 2], n=1) == [(0, 1.0, 1, False, 1), (1, 2.0, 2, False, 1)]


def test_goes_on_where_it_was():
    rng = np.random.default_rng(0)
    first, second = NStep(3, 0.9), NStep(3, 0.9)
    for t in range(8):
        if t == 4:
            second.load_state_dict(first.state_dict())
        obs, ended = rng.random((2, 1), np.float32), rng.random(2) < 0.3
        one = Batch(obs, np.arange(2), rng.random(2, np.float32), obs, ended)
        found = [sums(one, ended) for sums in (first, second)]
    for ours, theirs in zip(*(batch[:6] for batch in found), strict=True):
        np.testing.assert_array_equal(ours, theirs)
