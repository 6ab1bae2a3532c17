"""What the planar engine refuses, and where it takes a robot to stand."""

import dataclasses

import numpy as np
import pytest
from solid_worlds import AXLE, robot, room, solid, world_of

from dl_robotics.ops.geometry import transform
from dl_robotics.sim.engine import Beams
from dl_robotics.sim.planar.engine import PlanarEngine
from dl_robotics.sim.planar.robot import axle_place, collision_band, lidar_height, lidar_mount, wheel_friction
from dl_robotics.sim.world import Box, Cylinder

FLOOR = room(3.0)[0]


def test_a_robot_stands_on_the_floor():
    """Its lidar is at 0.2 m, its top at 0.3 m; files put robots a little above the floor, or a little into it."""
    for height in (0.0, 0.07, -0.004):
        world = world_of(FLOOR, robot((0.0, 0.0, height)))
        assert lidar_height(world) == pytest.approx(0.2)
        assert collision_band(world) == pytest.approx((0.005, 0.3))


@pytest.mark.parametrize("shape", [Box((2.0, 2.0, 0.5)), Cylinder(1.0, 0.5)])
def test_a_robot_stands_on_what_is_below_it(shape):
    """On a platform 0.5 m high beneath it, but not on one beside it or on a shelf above."""
    shelf = solid(Box((2.0, 2.0, 0.1)), (0.0, 0.0, 2.0))
    start = robot((0.0, 0.0, 0.52))
    for x, height in ((0.0, 0.5), (3.0, 0.0)):
        world = world_of(FLOOR, shelf, solid(shape, (x, 0.0, 0.25)), start)
        assert lidar_height(world) == pytest.approx(height + 0.2)


def test_without_a_floor_a_robot_stays_at_its_height():
    assert lidar_height(world_of(robot((0.0, 0.0, 0.4)))) == pytest.approx(0.6)


def test_the_axle_lies_between_the_wheels():
    assert axle_place(robot(axle_x=-0.03)) == pytest.approx((-0.03, 0.0))
    assert wheel_friction(robot()) == 0.5


def test_a_leaning_lidar_is_refused():
    for rpy in ((0.0, 0.1, 0.0), (np.pi, 0.0, 0.0)):
        with pytest.raises(ValueError, match=r"robot 'robot': lidar 'lidar' must be level and upright"):
            lidar_mount(robot(lidar=((0.0, 0.0, 0.2), rpy)))


def test_a_leaning_robot_is_refused():
    leaning = dataclasses.replace(robot(), pose=transform((0.0, 0.0, 0.0), (0.2, 0.0, 0.0)))
    with pytest.raises(ValueError, match="must be level and upright"):
        PlanarEngine(world_of(FLOOR, leaning), 1, Beams(4, 1.0, 0.0, 1.0), 0.1)


def test_a_robot_without_lidar_is_refused():
    blind = robot()
    links = tuple(dataclasses.replace(link, sensors=()) for link in blind.links)
    with pytest.raises(ValueError, match="robot 'robot': expected a gpu_lidar, found none"):
        lidar_mount(dataclasses.replace(blind, links=links))


def test_wheels_on_the_wrong_side_are_refused():
    machine = robot()
    drive = dataclasses.replace(machine.drive, left_joints=("right",), right_joints=("left",))
    with pytest.raises(ValueError, match=rf"expected the left wheels .* at \[0.0, -{AXLE / 2}\]"):
        axle_place(dataclasses.replace(machine, drive=drive))


def test_a_robot_without_body_is_refused():
    machine = robot()
    links = tuple(dataclasses.replace(link, collisions=()) for link in machine.links)
    with pytest.raises(ValueError, match="robot 'robot': expected bounded collision geometry"):
        collision_band(world_of(dataclasses.replace(machine, links=links)))
