"""Evaluation counts what it says."""

import math

import numpy as np
import pytest
from counting import BOTH

from dl_robotics.rl.policy import GreedyPolicy
from dl_robotics.training.episodes import EpisodeStatistics, EpisodeTracker
from dl_robotics.training.evaluation import evaluate


class Remembers(GreedyPolicy):
    """Acts, and sees to what it is told of episodes: each begins with observation 0, all at first."""

    def __init__(self):
        self.fresh = None

    def __call__(self, obs):
        assert obs.dtype == np.float32
        assert (obs[:, 0] == 0.0).tolist() == np.broadcast_to(self.fresh, len(obs)).tolist()
        self.fresh = False
        return np.zeros(len(obs), np.int64)

    def reset(self, ended=None):
        self.fresh = True if ended is None else ended


@pytest.mark.parametrize("make", BOTH)
def test_short_episodes_count_no_more_than_long_ones(make):
    env = make({"length": 1}, {"length": 10, "times_out": True})
    statistics = evaluate(Remembers(), env, episodes=4, seed=0)
    assert statistics == pytest.approx((5.5, 4.5, 5.5, 0.5))  # 1, 1, 10, 10


@pytest.mark.parametrize("make", BOTH)
def test_an_odd_number_of_episodes(make):
    env = make({"length": 1}, {"length": 10})
    assert evaluate(Remembers(), env, episodes=3, seed=0).mean_length == pytest.approx((1 + 10 + 10) / 3)


def test_success_is_unknown_where_the_environment_does_not_tell():
    tracker = EpisodeTracker(1)
    episodes = tracker.add(np.array([2.5]), np.array([True]), {})
    assert episodes == [(0, 2.5, 1, None)]
    assert math.isnan(EpisodeStatistics.of(episodes).success_rate)


def test_success_comes_before_return_when_it_is_told():
    def score(success_rate, mean_return):
        return EpisodeStatistics(mean_return, 0.0, 1.0, success_rate).score

    assert score(0.9, 1.0) > score(0.8, 5.0)
    assert score(0.9, 2.0) > score(0.9, 1.0)
    assert score(math.nan, 2.0) > score(math.nan, 1.0)
