"""What goes into the replay buffer where episodes end."""

import numpy as np
import pytest
from counting import BOTH

from dl_robotics.training.collection import Collector

ACTION = np.zeros(2, np.int64)


@pytest.mark.parametrize("make", BOTH)
def test_time_outs_are_no_ends_and_no_transition_crosses_a_reset(make):
    collector = Collector(make({"length": 3}, {"length": 3, "times_out": True}), seed=0)
    batches = [collector.step(ACTION) for _ in range(4)]
    assert [batch.obs[:, 0].tolist() for batch in batches] == [[0, 0], [1, 1], [2, 2], [0, 0]]
    assert [batch.next_obs[:, 0].tolist() for batch in batches] == [[1, 1], [2, 2], [3, 3], [1, 1]]
    assert [batch.terminated.tolist() for batch in batches] == [[0, 0], [0, 0], [1, 0], [0, 0]]
    assert [batch.reward.tolist() for batch in batches] == [[1, 1]] * 4
    assert collector.obs[:, 0].tolist() == [1, 1]


@pytest.mark.parametrize("make", BOTH)
def test_statistics_of_the_episodes_that_ended(make):
    collector = Collector(make({"length": 2}, {"length": 6, "times_out": True}), seed=0)
    assert np.isnan(collector.statistics()).all()
    for _ in range(6):
        collector.step(ACTION)
    # Lengths 2, 2, 2 and 6; the first three succeed.
    assert collector.statistics() == pytest.approx((3.0, np.sqrt(3.0), 3.0, 0.75))
