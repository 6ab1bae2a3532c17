"""Past scans, moved into the present frame: what stands still does not change, what moves does."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from square_room import ALONE, LIDAR, SECTORS, TASK, room_scan

from dl_robotics.config import ConfigError
from dl_robotics.navigation.environment import NavigationVectorEnv
from dl_robotics.navigation.observation import GOAL_AND_MOTION, size
from dl_robotics.navigation.scan_history import ScanHistory
from dl_robotics.navigation.task import LidarSpec, Task


def test_neighbouring_rays_are_seen_as_the_nearest_of_them():
    ranges = np.full((1, 120), np.inf)
    ranges[0, 17] = 0.7
    seen = ScanHistory(TASK, 1).sectors(ALONE, ranges, np.zeros((1, 3)))
    assert seen.shape == (1, 3, SECTORS)
    np.testing.assert_array_equal(np.flatnonzero(np.isfinite(seen[0, 0])), [1])
    assert seen[0, 0, 1] == 0.7


@given(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5), st.floats(-3.0, 3.0), st.floats(-0.03, 0.03), st.floats(-0.2, 0.2))
def test_what_stands_still_lies_where_it_lay(x, y, yaw, forward_m, turn):
    history = ScanHistory(TASK, 1)
    for step in range(4):
        heading = yaw + step * turn
        pose = (x + step * forward_m * math.cos(yaw), y + step * forward_m * math.sin(yaw), heading)
        seen = history.sectors(ALONE, room_scan(pose), np.array([pose]))
    # rays that were 3 degrees apart at 2 m or less meet a wall up to 0.2 m elsewhere
    np.testing.assert_allclose(seen[0, 1:], np.broadcast_to(seen[0, 0], (2, SECTORS)), atol=0.2)


def test_what_comes_nearer_lay_farther_off():
    history = ScanHistory(TASK, 1)
    for distance_m in (1.4, 1.3, 1.2, 1.1):
        ranges = np.full((1, 120), np.inf)
        ranges[0, 58:63] = distance_m
        seen = history.sectors(ALONE, ranges, np.zeros((1, 3)))
    ahead = slice(5, 7)
    np.testing.assert_allclose(seen[0, :, ahead].min(axis=1), [1.1, 1.2, 1.4])


def test_robots_that_begin_anew_have_seen_nothing_and_others_keep_what_they_saw():
    history, near, far = ScanHistory(TASK, 2), np.full((2, 120), 0.5), np.full((2, 120), 2.0)
    both = np.arange(2)
    history.sectors(both, far, np.zeros((2, 3)))
    history.forget(np.array([1]))
    seen = history.sectors(both, near, np.zeros((2, 3)))
    offset_m = LIDAR.mount_x_m
    np.testing.assert_allclose(seen[0, 1], 2.0, atol=2 * offset_m)
    np.testing.assert_allclose(seen[1], 0.5, atol=2 * offset_m)


def test_a_history_goes_on_from_its_state():
    rng = np.random.default_rng(0)
    first = ScanHistory(TASK, 1)
    scans = [(rng.uniform(0.2, 3.0, (1, 120)), rng.normal(0.0, 0.1, (1, 3))) for _ in range(6)]
    for scan in scans[:3]:
        first.sectors(ALONE, *scan)
    second = ScanHistory(TASK, 1)
    second.load_state_dict(first.state_dict())
    for scan in scans[3:]:
        np.testing.assert_array_equal(first.sectors(ALONE, *scan), second.sectors(ALONE, *scan))


def test_an_environment_shows_a_change_only_where_something_moves():
    task = Task("history", lidar=replace(LIDAR, mount_x_m=-0.032))
    env, still = (NavigationVectorEnv(world, task, num_envs=4) for world in ("arena", "static"))
    halt = np.tile(np.array([-1.0, 0.0], np.float32), (4, 1))
    for each in (env, still):
        seen, _ = each.reset(seed=0)
        assert seen.shape == (4, size(each.task)) == (4, 3 * SECTORS + GOAL_AND_MOTION)
        for _ in range(5):
            seen = each.step(halt)[0]
        changes = np.abs(seen[:, SECTORS : 3 * SECTORS]).max()
        assert (changes > 0.02) == (each is env)


def test_a_lidar_elsewhere_on_the_robot_is_refused():
    with pytest.raises(ConfigError, match=r"-0\.032 m ahead .*mount_x_m = 0\.050"):
        NavigationVectorEnv("arena", TASK)


@pytest.mark.parametrize(("changes", "key"), [({"sectors": 7}, "sectors"), ({"past_s": (0.0,)}, "past_s")])
def test_bad_settings_are_refused(changes, key):
    with pytest.raises(ConfigError, match=key):
        LidarSpec(count=120, **changes)
