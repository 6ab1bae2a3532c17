"""What the imu measures at rest, turning, speeding up and falling."""

import dataclasses

import numpy as np
import pytest
from mujoco_worlds import drive, floor, robot_at, sensor_of, simulate, world_of

from dl_robotics.ops.geometry import quaternion, transform
from dl_robotics.sim.mujoco.compile import compile_world
from dl_robotics.sim.mujoco.imu import InertialUnit
from dl_robotics.sim.mujoco.simulation import Simulation
from dl_robotics.sim.world import Imu


def unit(simulation):
    return InertialUnit(simulation, *sensor_of(simulation, Imu))


def test_at_rest_gravity_points_up():
    simulation = simulate()
    simulation.reset((0.0, 0.0, 1.0))
    drive(simulation, (0.0, 0.0), 2.0)
    reading = unit(simulation).read()
    np.testing.assert_allclose(reading.linear_acceleration, (0.0, 0.0, 9.8), atol=0.01)
    np.testing.assert_allclose(reading.angular_velocity, np.zeros(3), atol=1e-3)
    np.testing.assert_allclose(reading.orientation, quaternion(transform(rpy=(0.0, 0.0, 1.0))), atol=1e-3)


def test_gravity_is_the_world_s():
    world = dataclasses.replace(world_of(floor(), robot_at(np.eye(4))), gravity=(0.0, 0.0, -1.62))
    simulation = Simulation(compile_world(world))
    drive(simulation, (0.0, 0.0), 2.0)
    assert unit(simulation).read().linear_acceleration[2] == pytest.approx(1.62, abs=0.01)


def test_centripetal_acceleration():
    """At v = 0.2 and w = 1 the axle feels v w = 0.2 m/s^2 to the left, the imu 32 mm behind it w^2 r forwards."""
    simulation = simulate()
    drive(simulation, (0.2, 1.0), 3.0)
    reading = unit(simulation).read()
    w = simulation.velocity[1]
    assert w == pytest.approx(1.0, rel=0.01)
    np.testing.assert_allclose(reading.linear_acceleration, (0.032 * w**2, 0.2 * w, 9.8), atol=0.01)
    np.testing.assert_allclose(reading.angular_velocity, (0.0, 0.0, w), atol=2e-3)


def test_speeding_up():
    simulation = Simulation(compile_world(world_of(floor(), robot_at(np.eye(4), max_linear_acceleration=0.2))))
    drive(simulation, (0.2, 0.0), 0.5)
    assert unit(simulation).read().linear_acceleration[0] == pytest.approx(0.2, abs=0.02)


def test_nothing_is_felt_in_free_fall():
    simulation = Simulation(compile_world(world_of(floor(), robot_at(transform((0.0, 0.0, 1.0))))))
    drive(simulation, (0.0, 0.0), 0.3)
    np.testing.assert_allclose(unit(simulation).read().linear_acceleration, np.zeros(3), atol=1e-6)
