"""What goes into the replay buffer where episodes end, whichever thread steps the environments."""

import threading
from contextlib import closing

import numpy as np
import pytest
from counting import BOTH

from dl_robotics.training.collection import Collector


class Resting:
    """Always takes the first action."""

    def act(self, obs, step):
        return np.zeros(len(obs), np.int64)


def steps(collector, count):
    for step in range(1, count + 1):
        collector.begin(Resting(), step)
        yield collector.finish()


@pytest.fixture(params=[False, True], ids=["in turns", "overlapping"])
def overlap(request):
    return request.param


@pytest.mark.parametrize("make", BOTH)
def test_time_outs_are_no_ends_and_no_transition_crosses_a_reset(make, overlap):
    with closing(Collector(make({"length": 3}, {"length": 3, "times_out": True}), 0, overlap)) as collector:
        batches = [collected.transitions for collected in steps(collector, 4)]
        assert collector.obs[:, 0].tolist() == [1, 1]
    assert [batch.obs[:, 0].tolist() for batch in batches] == [[0, 0], [1, 1], [2, 2], [0, 0]]
    assert [batch.next_obs[:, 0].tolist() for batch in batches] == [[1, 1], [2, 2], [3, 3], [1, 1]]
    assert [batch.terminated.tolist() for batch in batches] == [[0, 0], [0, 0], [1, 0], [0, 0]]
    assert [batch.reward.tolist() for batch in batches] == [[1, 1]] * 4


@pytest.mark.parametrize("make", BOTH)
def test_statistics_of_the_episodes_that_ended(make, overlap):
    with closing(Collector(make({"length": 2}, {"length": 6, "times_out": True}), 0, overlap)) as collector:
        assert np.isnan(collector.statistics()).all()
        ended = [collected.ended.tolist() for collected in steps(collector, 6)]
        # Lengths 2, 2, 2 and 6; the first three succeed.
        assert collector.statistics() == pytest.approx((3.0, np.sqrt(3.0), 3.0, 0.75))
    assert ended == [[0, 0], [1, 0], [0, 0], [1, 0], [0, 0], [1, 1]]


def test_overlapping_environments_step_beside_the_caller():
    before = threading.active_count()
    with closing(Collector(BOTH[0]({"length": 2}), 0, overlap=True)) as collector:
        collector.begin(Resting(), 1)
        assert threading.active_count() == before + 1
        collector.finish()
    assert threading.active_count() == before
