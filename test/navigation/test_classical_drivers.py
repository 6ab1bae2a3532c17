"""Classical drivers: they get there where nothing moves and nothing traps them, and never touch what they see."""

import dataclasses

import numpy as np
import pytest

from dl_robotics.navigation.baselines import BASELINES
from dl_robotics.navigation.driver import Senses, nearest_rays
from dl_robotics.navigation.dynamic_window import _free_way
from dl_robotics.navigation.fleet import run_suite
from dl_robotics.navigation.follow_the_gap import DIRECTIONS, _widest_gap
from dl_robotics.navigation.suite import Suite, load_suite
from dl_robotics.navigation.worlds import WorldFile
from dl_robotics.sim.engine import Beams

EMPTY = Suite(WorldFile("empty"), seed=3)


def scan(suite, ranges, goal, velocity=(0.0, 0.0)):
    """One robot at the origin that looks along x."""
    rows = [np.atleast_2d(np.asarray(row, dtype=np.float64)) for row in ((0.0, 0.0, 0.0), velocity, goal, (0.0, 0.0))]
    pose, speeds, goals, last = rows
    return Senses(
        np.broadcast_to(ranges, (1, suite.lidar.count)).astype(np.float64),
        pose,
        speeds,
        goals,
        last,
        np.zeros(1, np.int64),
    )


def make(name, suite=EMPTY):
    world = suite.world(0)
    return BASELINES[name](suite.task(world), world.robot)


@pytest.mark.parametrize("name", BASELINES)
def test_every_goal_of_an_empty_room_is_reached(name):
    drives = [d for _, _, found in run_suite(EMPTY, {name: BASELINES[name]}, 24) for d in found]
    assert [drive.outcome for drive in drives] == ["reached"] * 24
    assert np.mean([drive.spl for drive in drives]) > 0.8


@pytest.mark.parametrize("name", BASELINES)
def test_what_stands_still_is_not_run_into(name):
    static = dataclasses.replace(load_suite("corridor"), seed=77, time_limit_s=30.0)
    drives = [d for _, _, found in run_suite(static, {name: BASELINES[name]}, 16) for d in found]
    assert "collision" not in [drive.outcome for drive in drives]
    assert sum(drive.success for drive in drives) >= 8


@pytest.mark.parametrize("name", BASELINES)
def test_open_way_is_driven_straight_at_full_speed(name):
    speed, rate = make(name)(scan(EMPTY, np.inf, (3.0, 0.0)))[0]
    assert speed == pytest.approx(0.22) and abs(rate) < 0.25


@pytest.mark.parametrize("name", BASELINES)
@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_goal_to_the_side_is_turned_to(name, side):
    assert np.sign(make(name)(scan(EMPTY, np.inf, (0.0, 2.0 * side)))[0, 1]) == side


@pytest.mark.parametrize("name", BASELINES)
def test_nobody_drives_into_a_wall_ahead(name):
    angles = EMPTY.lidar.beams.angles
    ranges = np.where(np.abs(angles) < 1.3, 0.16 / np.maximum(np.cos(angles), 0.1), np.inf)
    speed, _ = make(name)(scan(EMPTY, ranges, (3.0, 0.0)))[0]
    assert speed < 0.05


def test_a_moving_robot_may_choose_what_it_can_reach_within_a_period():
    speed, rate = make("dynamic_window")(scan(EMPTY, np.inf, (-2.0, 0.1), velocity=(0.22, 0.0)))[0]
    assert abs(rate) <= 3.2 * 0.1 + 1e-9 and 0.0 <= speed <= 0.22


def test_the_way_along_an_arc_ends_where_the_disc_touches():
    """Turning left with a radius of 1 m, a point at (1, 1) is met a quarter turn on, less the disc's reach."""
    reach = 0.2
    chord_angle = 2.0 * np.arcsin(reach / 2.0)  # of a chord as long as the reach in a circle of 1 m
    hits = np.array([[1.0, 1.0], [-3.0, 0.0]])
    assert _free_way(0.2, 0.2, hits, reach, 9.0) == pytest.approx(np.pi / 2 - chord_angle)
    assert _free_way(0.2, -0.2, hits, reach, 9.0) == 9.0  # to the right nothing is in the way
    assert _free_way(0.2, 0.0, np.array([[1.0, 0.12]]), reach, 9.0) == pytest.approx(1.0 - 0.16)
    assert _free_way(0.0, 1.0, hits, reach, 9.0) == 9.0


def test_a_gaps_middle_is_that_between_the_obstacles_at_its_ends():
    """Obstacles at 1 m, 45 degrees to the left, and at 0.5 m, 45 degrees to the right (Sezer 2012, equation 12)."""
    closed = np.full(DIRECTIONS, 9.0)
    closed[46:135] = np.inf  # open strictly between -45 and 45 degrees, at one degree each
    closed[45], closed[135] = 0.5, 1.0
    middle, found = _widest_gap(closed, 9.0)
    right, left = 0.5 * np.exp(-1j * np.radians(44)), 1.0 * np.exp(1j * np.radians(44))
    assert found and middle == pytest.approx(np.angle(right + left))
    assert middle > 0.2  # towards the farther one
    assert _widest_gap(np.ones(DIRECTIONS), 9.0) == (0.0, False)


def test_beams_come_from_the_nearest_rays_and_nowhere_else():
    turn = 2.0 * np.pi
    full, few = Beams(120, turn, 0.1, 3.5), Beams(24, turn, 0.1, 3.5)
    rays, there = nearest_rays(full, few)
    np.testing.assert_array_equal(rays, np.arange(24) * 5)
    assert there.all()
    ahead = Beams(61, np.pi, 0.1, 3.5)
    _, seen = nearest_rays(ahead, few)
    np.testing.assert_array_equal(seen, np.abs(few.angles) <= np.pi / 2 + 1e-6)
