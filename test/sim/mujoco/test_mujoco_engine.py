"""The engine protocol over several environments."""

import dataclasses
import math

import numpy as np
import pytest
from mujoco_worlds import floor, model, robot_at, shipped_world, world_of

from dl_robotics.ops.geometry import transform
from dl_robotics.sim.engine import Beams, Start
from dl_robotics.sim.mujoco.engine import MujocoEngine
from dl_robotics.sim.trajectory import trajectory
from dl_robotics.sim.world import Box

BEAMS = Beams(4, 2.0 * math.pi, 0.12, 3.5)  # at -pi, -pi/2, 0 and pi/2
NO_DELAY = np.zeros(3)
HALL = world_of(floor(), robot_at(np.eye(4)), model("wall", Box((0.1, 20.0, 0.5)), transform((2.05, 0.0, 0.25))))


def start(*poses, movers=0, **factors):
    k = len(poses)
    values = {
        "mover_time_s": np.zeros((k, movers)),
        "mover_rate": np.ones((k, movers)),
        "friction": np.ones(k),
        "mass": np.ones(k),
    }
    return Start(np.array(poses, dtype=np.float64), **{**values, **factors})


def same(command):
    return np.tile(np.array(command, dtype=np.float64), (3, 1))


def test_reset_of_some_leaves_the_others():
    engine = MujocoEngine(HALL, BEAMS, 0.1, 3)
    engine.reset(np.arange(3), start((0.0, 0.0, 0.0), (0.5, 0.0, 0.0), (1.0, 0.0, 0.0)))
    np.testing.assert_allclose(engine.ranges[:, 2], [2.032, 1.532, 1.032], atol=1e-3)
    engine.step(same((0.2, 0.0)), NO_DELAY)
    pose, ranges, velocity = engine.pose.copy(), engine.ranges.copy(), engine.velocity.copy()
    engine.reset(np.array([1]), start((-1.0, 1.0, math.pi)))
    np.testing.assert_allclose(engine.pose[1], (-1.0, 1.0, math.pi), atol=1e-6)
    np.testing.assert_allclose(engine.velocity[1], 0.0, atol=1e-9)
    np.testing.assert_allclose(engine.ranges[1], [2.968, np.inf, np.inf, np.inf], atol=1e-3)
    for field, before in ((engine.pose, pose), (engine.ranges, ranges), (engine.velocity, velocity)):
        np.testing.assert_array_equal(field[[0, 2]], before[[0, 2]])


def test_environments_do_not_influence_each_other():
    many, one = MujocoEngine(HALL, BEAMS, 0.1, 3), MujocoEngine(HALL, BEAMS, 0.1)
    poses = [(0.0, 0.0, 0.3), (0.5, 0.0, -1.0), (1.0, 0.0, 2.0)]
    many.reset(np.arange(3), start(*poses))
    one.reset(np.array([0]), start(poses[2]))
    for step in range(20):
        command = (0.2, math.sin(step))
        many.step(np.array([(0.1, 0.0), (-0.1, 1.0), command]), np.array([0.0, 0.05, 0.02]))
        one.step(np.array([command]), np.array([0.02]))
    for name in ("pose", "velocity", "ranges"):
        np.testing.assert_array_equal(getattr(many, name)[2], getattr(one, name)[0])


def test_collision_latches_until_reset():
    engine = MujocoEngine(HALL, BEAMS, 0.1, 3)
    engine.reset(np.arange(3), start((1.8, 0.0, 0.0), (1.0, 0.0, 0.0), (1.0, 0.0, 0.0)))
    for _ in range(15):
        engine.step(same((0.2, 0.0)), NO_DELAY)
    for _ in range(10):
        engine.step(same((-0.2, 0.0)), NO_DELAY)
    np.testing.assert_array_equal(engine.collided, [True, False, False])
    assert not engine.tumbled.any()
    engine.reset(np.array([0]), start((0.0, 0.0, 0.0)))
    assert not engine.collided.any()


def test_delay_keeps_the_last_command():
    """After standing, a delay of 40 of 100 ms leaves 60 ms for the new command; a whole period leaves none."""
    engine = MujocoEngine(HALL, BEAMS, 0.1, 3)
    engine.reset(np.arange(3), start(*[(0.0, 0.0, 0.0)] * 3))
    engine.step(same((0.2, 0.0)), np.array([0.0, 0.04, 0.1]))
    reference = MujocoEngine(HALL, BEAMS, 0.06)
    reference.reset(np.array([0]), start((0.0, 0.0, 0.0)))
    reference.step(np.array([(0.2, 0.0)]), np.zeros(1))
    np.testing.assert_allclose(engine.pose[1], reference.pose[0], atol=1e-5)
    np.testing.assert_allclose(engine.pose[2], 0.0, atol=1e-6)
    assert engine.pose[0, 0] > engine.pose[1, 0] > 0.0
    engine.step(same((0.2, 0.0)), NO_DELAY)
    assert engine.pose[2, 0] > 0.0


def test_movers_follow_their_trajectories_at_their_pace():
    world = shipped_world("arena")
    engine = MujocoEngine(world, BEAMS, 0.1, 1)
    times, rates = np.array([[0.0, 3.0, 7.0, 40.0]]), np.array([[1.0, 0.5, 0.0, 2.0]])
    trajectories = [trajectory(mover) for mover in world.movers]
    begin = start(tuple(engine.pose[0]), movers=4, mover_time_s=times, mover_rate=rates)
    engine.reset(np.array([0]), begin)
    for steps in range(15):
        now = times[0] + rates[0] * 0.1 * steps
        expected = [path.pose(t) for path, t in zip(trajectories, now, strict=True)]
        np.testing.assert_allclose(engine.mover_pose[0], expected, atol=1e-9)
        engine.step(np.zeros((1, 2)), np.zeros(1))


def test_mass_and_friction_are_the_environment_s_own():
    engine = MujocoEngine(HALL, BEAMS, 0.1, 3)
    factors = {"friction": np.array([1.0, 0.01, 1.0]), "mass": np.array([1.0, 1.0, 2.0])}
    engine.reset(np.arange(3), start(*[(0.0, 0.0, 0.0)] * 3, **factors))
    for _ in range(5):
        engine.step(same((0.2, 0.0)), NO_DELAY)
    assert engine.pose[1, 0] < 0.02
    assert (engine.pose[[0, 2], 0] > 0.08).all()


@pytest.mark.parametrize("period_s", [0.1, 1.0 / 15.0, 0.02, 0.005])
def test_any_control_period(period_s):
    engine = MujocoEngine(HALL, BEAMS, period_s)
    steps = math.ceil(2.0 / period_s)
    for _ in range(steps):
        engine.step(np.array([(0.2, 0.0)]), np.zeros(1))
    assert engine.pose[0, 0] == pytest.approx(0.2 * steps * period_s - 0.2**2 / 2.5 / 2.0, rel=0.02)


def test_a_robot_without_lidar_is_refused():
    robot = robot_at(np.eye(4))
    blind = dataclasses.replace(robot, links=tuple(dataclasses.replace(link, sensors=()) for link in robot.links))
    with pytest.raises(ValueError, match=r"test.sdf: robot 'burger' has no lidar"):
        MujocoEngine(world_of(floor(), blind), BEAMS, 0.1)
