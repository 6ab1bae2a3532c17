"""The two engines over one world: the same ranges at the same pose, the same way under the same commands."""

import functools
import math

import numpy as np
import pytest

from dl_robotics.ops.geometry import wrap_angle
from dl_robotics.resources import config_file
from dl_robotics.sim.engine import Beams, Start
from dl_robotics.sim.mujoco.engine import MujocoEngine
from dl_robotics.sim.planar.engine import PlanarEngine
from dl_robotics.sim.sdf import read_world

WORLDS = sorted(path.stem for path in config_file("worlds").glob("*.sdf"))
CIRCLE = Beams(360, 2.0 * math.pi, 0.12, 3.5)
POSES = 60
RANGE_TOLERANCE_M = 0.005
COURSE_TOLERANCE = 0.01  # of the path length; 0.03 is asked for


@functools.cache
def engines(name):
    world = read_world(config_file("worlds", f"{name}.sdf"))
    settings = {"world": world, "beams": CIRCLE, "control_period_s": 0.1, "num_envs": 1}
    return MujocoEngine(**settings), PlanarEngine(**settings)


def extent(world):
    """Lowest and highest (x, y) of what stands in a world."""
    places = [m.pose @ k.pose @ v.pose for m in world.models if m.static for k in m.links for v in k.visuals]
    corners = np.array([place[:2, 3] for place in places])
    return corners.min(axis=0), corners.max(axis=0)


def start_at(pose, movers, time_s=0.0):
    ones = np.ones((1, movers))
    return Start(np.array([pose], dtype=np.float64), time_s * ones, ones, np.ones(1), np.ones(1))


def random_start(world, rng):
    """Any pose in a world, with the movers at random times."""
    pose = (*rng.uniform(*extent(world)), rng.uniform(-np.pi, np.pi))
    movers = len(world.movers)
    return start_at(pose, movers, rng.uniform(0.0, 60.0, (1, movers)))


@pytest.mark.parametrize("name", WORLDS)
def test_same_ranges_at_the_same_pose(name):
    """360 rays at 60 free poses: every ray returns in both or in neither, and within 5 mm."""
    mujoco, planar = engines(name)
    rng, free = np.random.default_rng(7), 0
    while free < POSES:
        start = random_start(mujoco.world, rng)
        mujoco.reset(np.array([0]), start)
        if mujoco.collided[0]:
            continue
        free += 1
        planar.reset(np.array([0]), start)
        np.testing.assert_allclose(mujoco.pose, planar.pose, atol=1e-6)
        np.testing.assert_allclose(mujoco.mover_pose, planar.mover_pose, atol=1e-6)
        np.testing.assert_allclose(mujoco.ranges, planar.ranges, rtol=0.0, atol=RANGE_TOLERANCE_M)


def drive_course(engine, seed):
    """(301, 3) poses of 30 s under commands that change every 1.5 s, from the origin."""
    rng = np.random.default_rng(seed)
    engine.reset(np.array([0]), start_at((0.0, 0.0, 0.0), len(engine.world.movers)))
    poses = [engine.pose[0].copy()]
    for step in range(300):
        if step % 15 == 0:
            command = np.array([[rng.uniform(-0.05, 0.22), rng.uniform(-1.5, 1.5)]])
        engine.step(command, np.zeros(1))
        poses.append(engine.pose[0].copy())
    return np.array(poses)


@pytest.mark.parametrize("seed", range(5))
def test_same_course_for_30_seconds(seed):
    """Path lengths agree within 1 %, and the ways never part by more than 1 % of their length."""
    mujoco, planar = engines("empty")
    driven, drawn = drive_course(mujoco, seed), drive_course(planar, seed)
    assert not mujoco.collided[0]
    assert not planar.collided[0]
    lengths = [np.linalg.norm(np.diff(way[:, :2], axis=0), axis=1).sum() for way in (driven, drawn)]
    assert lengths[1] > 2.0
    assert lengths[0] == pytest.approx(lengths[1], rel=COURSE_TOLERANCE)
    apart = np.linalg.norm(driven[:, :2] - drawn[:, :2], axis=1)
    assert apart.max() < COURSE_TOLERANCE * lengths[1]
    assert abs(wrap_angle(driven[-1, 2] - drawn[-1, 2])) < 0.02
