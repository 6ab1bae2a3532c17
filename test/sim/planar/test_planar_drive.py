"""Driving in the plane: Gazebo's limits, exact arcs, delays, grip, and what stands in the way."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from solid_worlds import AXLE, ROBOT_RADIUS_M, follower, robot, room, solid, wall, world_of

from dl_robotics.sim.engine import Beams, Start
from dl_robotics.sim.planar.engine import PlanarEngine
from dl_robotics.sim.world import Box, Cylinder

BEAMS = Beams(4, 2.0 * math.pi, 0.05, 10.0)
PERIOD_S = 0.1


class Course:
    """One robot in a world, driven step by step."""

    def __init__(self, *models, friction=1e9, mass=1.0, pose=(0.0, 0.0, 0.0), **settings):
        machine = robot(**settings) if settings else robot()
        self.engine = PlanarEngine(world_of(*models, machine), 1, BEAMS, PERIOD_S)
        movers = np.zeros((1, len(self.engine.world.movers)))
        start = Start(np.array([pose]), movers, movers + 1.0, np.array([friction]), np.array([mass]))
        self.engine.reset(np.array([0]), start)

    def drive(self, forward, turn, steps=1, delay_s=0.0):
        for _ in range(steps):
            self.engine.step(np.array([[forward, turn]]), np.array([delay_s]))
        return self.engine.pose[0]


def test_straight_ahead():
    np.testing.assert_allclose(Course(pose=(1.0, 2.0, np.pi / 2.0)).drive(0.5, 0.0, 10), (1.0, 2.5, np.pi / 2.0))


def test_a_quarter_of_a_circle():
    """1 m/s and pi/2 rad/s for a second: a quarter about (0, 2/pi)."""
    radius = 2.0 / np.pi
    np.testing.assert_allclose(Course().drive(1.0, np.pi / 2.0, 10), (radius, radius, np.pi / 2.0), atol=1e-6)


def test_a_full_turn_in_place_keeps_the_yaw_within_a_turn():
    course = Course()
    yaws = [float(course.drive(0.0, 2.0)[2]) for _ in range(40)]
    assert np.abs(course.engine.pose[0, :2]).max() < 1e-12
    assert max(yaws) <= np.pi
    assert min(yaws) >= -np.pi
    assert yaws[-1] == pytest.approx(8.0 - 2.0 * np.pi, abs=1e-6)


def test_a_robot_turns_about_the_middle_of_its_axle():
    """With the axle 0.2 m behind the model frame, half a turn carries the frame 0.4 m back."""
    course = Course(axle_x=-0.2, max_angular_velocity=np.pi)
    np.testing.assert_allclose(course.drive(0.0, 10.0, 10)[:2], (-0.4, 0.0), atol=1e-6)


def test_velocity_limits():
    course = Course(max_linear_velocity=0.3, min_linear_velocity=-0.1, max_angular_velocity=1.0)
    course.drive(5.0, 5.0)
    np.testing.assert_allclose(course.engine.velocity[0], (0.3, 1.0))
    course.drive(-5.0, 0.0)
    np.testing.assert_allclose(course.engine.velocity[0], (-0.1, 0.0))


def test_acceleration_limits_are_ramps():
    """From rest to 1 m/s at 2 m/s^2: half a metre per second more in 0.25 s; then down at 4 m/s^2."""
    course = Course(max_linear_acceleration=2.0, min_linear_acceleration=-4.0)
    assert course.drive(1.0, 0.0, 5)[0] == pytest.approx(0.25)
    assert course.engine.velocity[0, 0] == pytest.approx(1.0)
    assert course.drive(0.0, 0.0, 5)[0] == pytest.approx(0.25 + 0.125)
    assert course.engine.velocity[0, 0] == 0.0


def test_a_ramp_that_ends_within_a_substep_is_exact():
    """0.03 s of ramp, then 0.07 s at 0.3 m/s."""
    assert Course(max_linear_acceleration=10.0).drive(0.3, 0.0)[0] == pytest.approx(0.3 * (0.015 + 0.07))


def test_the_wheels_grip_limits_acceleration():
    """The wheels' mu is 0.5: at 9.8 m/s^2 of gravity 4.9 m/s^2, half of it on a floor half as rough."""
    for factor in (1.0, 0.5):
        course = Course(friction=factor)
        course.drive(10.0, 0.0)
        assert course.engine.velocity[0, 0] == pytest.approx(0.49 * factor)
        course.drive(0.0, 100.0)
        assert course.engine.velocity[0, 1] == pytest.approx(0.49 * factor / (AXLE / 2.0))


def test_a_heavier_robot_accelerates_less():
    course = Course(mass=2.0, max_linear_acceleration=2.0)
    course.drive(10.0, 0.0)
    assert course.engine.velocity[0, 0] == pytest.approx(0.1)


def test_a_command_comes_into_force_after_its_delay():
    """0.25 of a period late: the first step loses it, the step after stopping gains it."""
    course = Course()
    assert course.drive(1.0, 0.0, delay_s=0.025)[0] == pytest.approx(0.075)
    assert course.drive(1.0, 0.0, delay_s=0.025)[0] == pytest.approx(0.175)
    assert course.drive(0.0, 0.0, delay_s=0.025)[0] == pytest.approx(0.2)
    assert course.drive(1.0, 0.0, delay_s=PERIOD_S)[0] == pytest.approx(0.2)
    assert course.drive(0.0, 0.0, delay_s=PERIOD_S)[0] == pytest.approx(0.3)


def test_a_wall_stops_the_robot_before_it():
    course = Course(*room(1.0))
    x = course.drive(0.5, 0.0, 30)[0]
    assert 0.9 - 0.5 * 0.02 <= x <= 0.9
    assert course.engine.collided[0]
    np.testing.assert_array_equal(course.engine.velocity[0], (0.0, 0.0))
    assert not course.engine.tumbled[0]
    assert course.drive(-0.5, 0.0, 2)[0] == pytest.approx(x - 0.1)
    assert course.engine.collided[0]  # until it is reset


@pytest.mark.parametrize(
    ("obstacle", "hits"),
    [
        (solid(Box((0.2, 0.2, 0.2)), (0.5, 0.0, 0.104 - 0.2)), False),  # 4 mm high: driven over
        (solid(Box((0.2, 0.2, 0.2)), (0.5, 0.0, 0.107 - 0.2)), True),
        (solid(Box((0.2, 0.2, 0.2)), (0.5, 0.0, 0.41)), False),  # driven under
        (solid(Box((0.2, 0.2, 0.2)), (0.5, 0.0, 0.39)), True),
        (solid(Box((0.2, 0.2, 0.2)), (0.5, 0.0, 0.1), static=False), True),  # stands where the file puts it
        (solid(Cylinder(0.1, 0.2), (0.5, 0.19, 0.1)), True),
        (solid(Cylinder(0.1, 0.2), (0.5, 0.21, 0.1)), False),
        (wall(0.5, 0.6, 0.2, 1.0 - 0.02), False),
        (wall(0.5, 0.6, 0.2, 1.0 + 0.02), True),
    ],
)
def test_what_is_in_the_way(obstacle, hits):
    course = Course(room(5.0)[0], obstacle)
    course.drive(0.5, 0.0, 20)
    assert course.engine.collided[0] == hits


def test_corners_are_round_for_a_round_robot():
    """A corner 0.08 m ahead and 0.05 m aside of the way's end is nearer than the radius; 0.09 and 0.05 is not."""
    for side, hits in ((0.05, True), (0.09, False)):
        corner = wall(0.5 + 0.08 + 0.5, side + 0.5, 1.0, 1.0)
        course = Course(corner)
        course.drive(0.5, 0.0, 10)
        assert course.engine.collided[0] == hits


def test_a_mover_runs_into_a_resting_robot():
    mover = follower([(-5.0, 0.0), (1.0, 0.0)], (1.0, 0.0, np.pi))
    course = Course(mover)
    touching_s = next(i for i in range(200) if course.drive(0.0, 0.0) is not None and course.engine.collided[0]) * 0.1
    gap_m = 1.0 - 0.12 - ROBOT_RADIUS_M
    assert touching_s == pytest.approx(gap_m / 0.3 + 0.5, abs=0.12)
    np.testing.assert_array_equal(course.engine.pose[0], (0.0, 0.0, 0.0))


def test_movers_go_on_in_their_own_time():
    course = Course(follower([(9.0, 3.0), (0.0, 3.0)], (0.0, 3.0, 0.0)))
    course.drive(0.0, 0.0, 20)
    np.testing.assert_allclose(course.engine.mover_pose[0, 0, 0], 0.3 * (2.0 - 0.5 * (1.0 - math.exp(-4.0))), atol=1e-4)


@settings(deadline=None, database=None, max_examples=30)
@given(
    seed=st.integers(0, 10**6),
    axle_x=st.floats(-0.1, 0.1),
    limit=st.floats(0.5, 20.0),
    delay_s=st.floats(0.0, PERIOD_S),
)
def test_arcs_agree_with_fine_integration(seed, axle_x, limit, delay_s):
    """Random commands against Euler's method at 0.1 ms for the axle's centre."""
    limits = {"max_linear_acceleration": limit, "min_linear_acceleration": -limit}
    course = Course(axle_x=axle_x, max_angular_acceleration=2 * limit, min_angular_acceleration=-2 * limit, **limits)
    rng = np.random.default_rng(seed)
    step_s, x, y, yaw, most = 1e-4, axle_x, 0.0, 0.0, np.array([limit, 2.0 * limit])
    velocity, before = np.zeros(2), np.zeros(2)
    for command in rng.uniform((-1.0, -3.0), (1.0, 3.0), (8, 2)):
        course.drive(*command, delay_s=delay_s)
        for k in range(round(PERIOD_S / step_s)):
            wanted = before if k * step_s < delay_s else command
            velocity = velocity + np.clip(wanted - velocity, -step_s * most, step_s * most)
            yaw += step_s * velocity[1]
            x, y = x + step_s * velocity[0] * math.cos(yaw), y + step_s * velocity[0] * math.sin(yaw)
        before = command
    expected = x - axle_x * math.cos(yaw), y - axle_x * math.sin(yaw)
    np.testing.assert_allclose(course.engine.pose[0, :2], expected, atol=2e-3)
    np.testing.assert_allclose(course.engine.velocity[0], velocity, atol=5e-3)
