"""The robot on its wheels: arcs, rest, limits, repeatability."""

import math

import numpy as np
import pytest
from mujoco_worlds import ROBOT, SHIPPED, drive, floor, robot_at, shipped_compiled, simulate, world_of

from dl_robotics.ops.geometry import transform
from dl_robotics.sim.mujoco.compile import compile_world
from dl_robotics.sim.mujoco.drive import DriveLimiter
from dl_robotics.sim.mujoco.simulation import Simulation


def test_speed_ramp_of_gazebo():
    """2.5 m/s^2 for 10 ms is 0.025 m/s; 3.2 rad/s^2 is 0.032 rad/s, at wheels 0.08 m off the middle, 0.033 m large."""
    speeds = DriveLimiter(ROBOT.drive, 0.01).wheel_speeds((0.06, -5.0), 100)
    np.testing.assert_allclose(speeds[0], [(0.025 + 0.032 * 0.08) / 0.033, (0.025 - 0.032 * 0.08) / 0.033])
    np.testing.assert_allclose(speeds[1:3].mean(axis=1) * 0.033, [0.05, 0.06])
    np.testing.assert_allclose((speeds[-1, 1] - speeds[-1, 0]) * 0.033 / 0.16, -2.84)


def test_arc_within_one_percent():
    """v = 0.2, w = 0.5 for a full turn after the start: a circle of radius 0.4 m."""
    simulation = simulate()
    drive(simulation, (0.2, 0.5), 1.0)
    start, length = np.array(simulation.pose), 0.0
    for _ in range(round(2.0 * math.pi / 0.5 / 0.01)):
        before = simulation.pose
        simulation.tick((0.2, 0.5))
        length += math.dist(before[:2], simulation.pose[:2])
    assert length == pytest.approx(2.0 * math.pi * 0.4, rel=0.01)
    np.testing.assert_allclose(simulation.pose, start, atol=0.01 * length)
    np.testing.assert_allclose(simulation.velocity, (0.2, 0.5), rtol=0.01)


def test_straight_line_and_wheel_angles():
    simulation = simulate()
    drive(simulation, (0.2, 0.0), 5.0)
    x, y, yaw = simulation.pose
    assert x == pytest.approx(0.2 * 5.0 - 0.2**2 / 2.5 / 2.0, rel=0.01)
    assert abs(y) < 1e-3
    assert abs(yaw) < 1e-3
    np.testing.assert_allclose(simulation.wheel_angles, x / 0.033, rtol=0.01)
    assert simulation.time_s == pytest.approx(5.0)


def test_brakes_at_the_limit_of_acceleration():
    """From 0.2 m/s at 2.5 m/s^2: 0.08 s and 8 mm, and the servo's lag of about 15 ms adds 3 mm."""
    simulation = simulate()
    drive(simulation, (0.2, 0.0), 2.0)
    x = simulation.pose[0]
    drive(simulation, (0.0, 0.0), 1.0)
    assert 0.008 < simulation.pose[0] - x < 0.014
    assert abs(simulation.velocity[0]) < 1e-4


@pytest.mark.parametrize("name", SHIPPED)
def test_at_rest_in_every_shipped_world(name):
    simulation = Simulation(shipped_compiled(name))
    start = np.array(simulation.pose)
    drive(simulation, (0.0, 0.0), 10.0)
    np.testing.assert_allclose(simulation.pose, start, atol=1e-3)
    assert abs(simulation.transform[2, 3]) < 1e-3
    assert not simulation.tumbled


def test_same_inputs_same_trajectory_bit_for_bit():
    def run(simulation):
        simulation.reset((0.3, -0.2, 1.0), [1.0, 2.0, 3.0, 4.0], [1.0, 1.1, 0.9, 1.0], friction=0.8, mass=1.2)
        for step in range(100):
            simulation.advance((0.2, math.sin(0.1 * step)), 5)
        return simulation.data.qpos.tobytes(), simulation.data.qvel.tobytes(), simulation.mover_pose.tobytes()

    compiled = shipped_compiled("arena")
    first = Simulation(compiled)
    states = run(first)
    assert run(first) == states
    assert run(Simulation(compiled)) == states


def test_mass_and_friction_scale_the_robot_alone_and_can_be_taken_back():
    simulation = simulate()
    weight = simulation.model.body_mass.sum()
    simulation.reset((0.0, 0.0, 0.0), friction=0.01, mass=2.0)
    assert simulation.model.body_mass.sum() == pytest.approx(2.0 * weight)
    drive(simulation, (0.2, 0.0), 0.5)
    assert simulation.pose[0] < 0.02  # mu g = 0.098 m/s^2: at most 12 mm
    simulation.reset((0.0, 0.0, 0.0))
    drive(simulation, (0.2, 0.0), 0.5)
    assert simulation.pose[0] > 0.08


def test_reset_keeps_the_file_s_height_and_tilt():
    file_pose = transform((3.0, 4.0, 0.2), (0.1, -0.2, 1.5))
    simulation = Simulation(compile_world(world_of(floor(), robot_at(file_pose))))
    np.testing.assert_allclose(simulation.transform, file_pose, atol=1e-4)
    simulation.reset((1.0, 2.0, 1.5 + 0.7))
    expected = transform((1.0, 2.0, 0.2)) @ transform(rpy=(0.0, 0.0, 0.7)) @ transform(rpy=(0.1, -0.2, 1.5))
    np.testing.assert_allclose(simulation.transform, expected, atol=1e-4)
