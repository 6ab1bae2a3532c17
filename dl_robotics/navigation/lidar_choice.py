"""A world whose robot senses what a suite lets its drivers sense."""

from __future__ import annotations

import math
from dataclasses import replace

from dl_robotics.navigation.task import LidarSpec
from dl_robotics.sim.planar.robot import lidar_mount
from dl_robotics.sim.world import Lidar, Noise, World


def with_lidar(world: World, spec: LidarSpec, noise_m: float) -> World:
    """A world whose robot's lidar looks no farther and no more widely than ``spec``, with as dense rays as it has.

    :param noise_m: standard deviation of each range.
    """
    own, _ = lidar_mount(world.robot)
    other = replace(_narrowed(own, math.radians(spec.fov_deg)), noise=Noise(0.0, noise_m))
    other = replace(other, range_max_m=min(own.range_max_m, spec.range_max_m))
    links = tuple(
        replace(link, sensors=tuple(other if sensor is own else sensor for sensor in link.sensors))
        for link in world.robot.links
    )
    robot = replace(world.robot, links=links)
    return replace(world, models=tuple(robot if model is world.robot else model for model in world.models))


def _narrowed(lidar: Lidar, fov: float) -> Lidar:
    increment = (lidar.angle_max - lidar.angle_min) / max(lidar.samples - 1, 1)
    if fov >= lidar.samples * increment - 1e-6:
        return lidar
    samples = round(fov / increment) + 1
    return replace(lidar, samples=samples, angle_min=-fov / 2.0, angle_max=fov / 2.0)
