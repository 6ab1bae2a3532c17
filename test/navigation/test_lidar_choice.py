"""The lidar that a suite lets a simulated robot have."""

import math

import pytest

from dl_robotics.navigation.lidar_choice import with_lidar
from dl_robotics.navigation.task import LidarSpec
from dl_robotics.resources import shipped
from dl_robotics.sim.planar.robot import lidar_mount
from dl_robotics.sim.sdf import read_world


def chosen(spec, noise_m=0.0):
    world = with_lidar(read_world(shipped("worlds", "empty", ".sdf")), spec, noise_m)
    return lidar_mount(world.robot)[0]


def test_a_full_circle_is_what_the_robot_has():
    lidar = chosen(LidarSpec(count=120), noise_m=0.03)
    assert (lidar.samples, lidar.range_max_m, lidar.noise.stddev) == (360, 3.5, 0.03)


def test_less_is_as_dense_as_before():
    lidar = chosen(LidarSpec(count=61, fov_deg=180.0, range_max_m=2.0))
    assert (lidar.samples, lidar.range_max_m) == (181, 2.0)
    assert (lidar.angle_min, lidar.angle_max) == pytest.approx((-math.pi / 2.0, math.pi / 2.0))


def test_more_cannot_be_had():
    assert chosen(LidarSpec(range_max_m=10.0)).range_max_m == 3.5
