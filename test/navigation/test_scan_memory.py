"""What has gone out of sight: it stays where it was, until it is seen again or forgotten."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from square_room import ALONE, LIDAR, TASK, room_scan

from dl_robotics.navigation.scan_memory import REMEMBERED_S, SCANS, ScanMemory

BEHIND = np.abs(LIDAR.beams.angles) > math.pi / 2
LASTS = round(REMEMBERED_S * TASK.rate_hz)


def seen(pose, half_side_m=1.5):
    """What a lidar of half a circle sees in the square room."""
    return np.where(BEHIND, np.nan, room_scan(pose, half_side_m))


def look(memory, x, y, yaw, half_side_m=1.5):
    """One robot's ranges, filled in."""
    return memory(ALONE, seen((x, y, yaw), half_side_m), np.array([[x, y, yaw]]))[0]


@settings(deadline=None)  # the first call compiles
@given(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5), st.floats(-3.0, 3.0), st.sampled_from([-0.2, 0.2]))
def test_a_robot_that_has_turned_once_knows_the_room(x, y, yaw, turn):
    memory = ScanMemory(TASK, 1)
    for step in range(17):  # 183 degrees
        filled = look(memory, x, y, yaw + step * turn)
    assert np.isfinite(filled).all()
    exact = room_scan((x, y, yaw + 16 * turn))[0]
    np.testing.assert_allclose(filled, exact, atol=0.2)  # remembered ends lie up to 2.3 degrees beside the beams
    np.testing.assert_array_equal(filled[~BEHIND], exact[~BEHIND])


def test_what_was_never_seen_counts_as_free():
    filled = look(ScanMemory(TASK, 1), 0.0, 0.0, 0.0)
    assert np.isinf(filled[BEHIND]).all()


def test_a_wall_that_the_robot_leaves_behind_stays_where_it_is():
    memory = ScanMemory(TASK, 1)
    for yaw in np.arange(math.pi, -0.01, -math.pi / 8):  # from the wall in the west to the east
        look(memory, -1.0, 0.0, yaw)
    for x in np.arange(-1.0, 0.01, 0.05):
        filled = look(memory, x, 0.0, 0.0)
    straight_behind = filled[[0, 1, -1]]
    np.testing.assert_allclose(straight_behind, 1.5 + LIDAR.mount_x_m, atol=0.01)


def test_it_is_forgotten_in_the_end():
    memory = ScanMemory(TASK, 1)
    look(memory, 0.0, 0.0, math.pi)
    for instant in range(1, LASTS + 1):
        filled = look(memory, 0.0, 0.0, 0.0)
        assert np.isfinite(filled[BEHIND][1:-1]).all() == (instant < LASTS)


def test_what_is_seen_again_is_not_remembered_otherwise():
    memory = ScanMemory(TASK, 1)
    look(memory, 0.0, 0.0, math.pi, half_side_m=1.0)
    look(memory, 0.0, 0.0, 0.0, half_side_m=1.0)
    look(memory, 0.0, 0.0, math.pi, half_side_m=2.0)
    filled = look(memory, 0.0, 0.0, 0.0, half_side_m=2.0)
    assert (filled[BEHIND][1:-1] > 1.9).all()


def test_robots_that_begin_anew_remember_nothing_and_others_what_they_saw():
    memory, both = ScanMemory(TASK, 2), np.arange(2)
    ahead, back = (0.0, 0.0, 0.0), (0.0, 0.0, math.pi)
    memory(both, np.repeat(seen(back), 2, axis=0), np.array([back, back]))
    memory.forget(np.array([1]))
    filled = memory(both, np.repeat(seen(ahead), 2, axis=0), np.array([ahead, ahead]))
    assert np.isfinite(filled[0]).all()
    assert np.isinf(filled[1][BEHIND]).all()


def test_of_too_much_the_oldest_is_forgotten():
    close, memory, later = np.where(BEHIND, np.nan, 0.25)[None], ScanMemory(TASK, 1), ScanMemory(TASK, 1)
    scans = 60
    for instant in range(scans):  # by leaps, so that all that was ahead lies behind
        pose = np.array([[0.25 * instant, 0.0, 0.0]])
        filled = memory(ALONE, close, pose)
        if instant >= scans - SCANS:
            recent = later(ALONE, close, pose)
    assert np.isfinite(recent[0][BEHIND]).any()
    assert (filled <= recent).all()


def test_a_lidar_that_looks_all_around_is_believed_as_it_is():
    ranges = np.full((1, LIDAR.count), np.inf)
    ranges[0, 3] = -np.inf
    assert ScanMemory(TASK, 1)(ALONE, ranges, np.zeros((1, 3))) is ranges


@pytest.mark.parametrize("range_m", [-np.inf, 0.0, 99.0, np.inf])
def test_ranges_that_are_no_distance_are_kept_within_the_lidars(range_m):
    memory = ScanMemory(TASK, 1)
    memory(ALONE, np.where(BEHIND, np.nan, range_m)[None], np.array([[0.0, 0.0, math.pi]]))
    filled = memory(ALONE, np.where(BEHIND, np.nan, np.inf)[None], np.zeros((1, 3)))[0]
    expected = 2.0 * LIDAR.mount_x_m + LIDAR.range_min_m if range_m < LIDAR.range_min_m else math.inf
    assert filled[0] == pytest.approx(expected, abs=1e-3)  # straight behind, from where the lidar is after half a turn


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.floats(-1e300, 1e300)] * 3), min_size=2, max_size=4))
def test_no_pose_leaves_a_beam_without_a_range(poses):
    memory = ScanMemory(TASK, 1)
    for pose in poses:
        filled = memory(ALONE, np.where(BEHIND, np.nan, 1.0)[None], np.array([pose]))[0]
        assert (filled >= 0.0).all()
