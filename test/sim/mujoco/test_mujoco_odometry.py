"""Dead reckoning: closed forms, and the wheels of the simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mujoco_worlds import ROBOT, simulate

from dl_robotics.ops.geometry import wrap_angle
from dl_robotics.sim.mujoco.odometry import Odometry

TRAVEL = st.floats(-20.0, 20.0)


def test_quarter_circle():
    """Radius 0.5 m about the left: the wheels, 0.16 m apart, roll 0.42 and 0.58 times pi / 2."""
    odometry = Odometry(ROBOT.drive)
    odometry.update(0.42 * math.pi / 2.0 / 0.033, 0.58 * math.pi / 2.0 / 0.033, 2.0)
    np.testing.assert_allclose(odometry.pose, (0.5, 0.5, math.pi / 2.0))
    np.testing.assert_allclose(odometry.velocity, (0.5 * math.pi / 4.0, math.pi / 4.0))


@given(TRAVEL, TRAVEL)
def test_steps_along_one_arc_add_up(left, right):
    whole, parts = Odometry(ROBOT.drive), Odometry(ROBOT.drive)
    whole.update(left, right, 1.0)
    for k in range(1, 8):
        parts.update(left * k / 7.0, right * k / 7.0, 1.0 / 7.0)
    np.testing.assert_allclose(parts.pose, whole.pose, atol=1e-6)


@given(TRAVEL)
def test_straight(travel):
    odometry = Odometry(ROBOT.drive)
    odometry.reset(3.0, -5.0)
    odometry.update(3.0 + travel, -5.0 + travel, 0.1)
    np.testing.assert_allclose(odometry.pose, (0.033 * travel, 0.0, 0.0), atol=1e-9)


def test_follows_the_simulated_robot():
    """Wheel slip and the sunk wheels cost less than 1 %."""
    simulation, odometry = simulate(), Odometry(ROBOT.drive)
    for step in range(1000):
        simulation.tick((0.2, math.sin(0.01 * step)))
        odometry.update(*simulation.wheel_angles, simulation.physics_step_s)
    assert math.dist(odometry.pose[:2], simulation.pose[:2]) < 0.01 * 0.2 * 10.0
    assert wrap_angle(odometry.pose[2] - simulation.pose[2]) == pytest.approx(0.0, abs=0.03)
    np.testing.assert_allclose(odometry.velocity, simulation.velocity, atol=0.01)
