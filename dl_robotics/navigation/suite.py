"""Scenario suites, declared in ``config/suites/``: fixed, seeded worlds, starts, goals, phases of moving obstacles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from dl_robotics import config
from dl_robotics.config import require
from dl_robotics.navigation.build import FOOTPRINT_TOLERANCE_M
from dl_robotics.navigation.loitering import Loitering
from dl_robotics.navigation.task import LidarSpec, Randomisation, Range, Task
from dl_robotics.navigation.worlds import WorldFile, Worlds
from dl_robotics.ops.geometry import transform
from dl_robotics.resources import config_file, shipped
from dl_robotics.sim.planar.robot import lidar_mount
from dl_robotics.sim.shapes import footprint_radius
from dl_robotics.sim.world import Collision, Cylinder, World

BUMPER_M = 0.02  # height of the ring that makes a robot wider


@dataclass(frozen=True)
class Suite:
    """What drivers are judged on.

    Scenario n of a suite is the same for every driver and every number of episodes.

    :param worlds: a file, or how worlds are drawn: then every scenario has one of its own.
    :param lidar: what the robot senses with; a policy gets of it the beams that it learned with.
    :param episodes: unless a number is asked for.
    :param footprint_radius_m: of the robot with a ring around it; 0 for the robot as it is.
    :param randomisation: sensor noise, latency and what else varies.
    :param rate_hz: how often drivers decide.
    :param goal_distance_m: least and greatest distance from start to goal, as the crow flies.
    :param loitering: what counts as stalling and circling.
    """

    worlds: Worlds
    description: str = ""
    seed: int = 0
    episodes: int = 1000
    lidar: LidarSpec = field(default_factory=lambda: LidarSpec(count=120))
    footprint_radius_m: float = 0.0
    randomisation: Randomisation = field(default_factory=Randomisation)
    rate_hz: float = 10.0
    goal_tolerance_m: float = 0.2
    time_limit_s: float = 60.0
    goal_distance_m: Range = (0.8, 6.0)
    loitering: Loitering = field(default_factory=Loitering)

    def __post_init__(self) -> None:
        require(self.seed >= 0, "seed", ">= 0", self.seed)
        require(self.episodes >= 1, "episodes", ">= 1", self.episodes)
        require(self.footprint_radius_m >= 0.0, "footprint_radius_m", ">= 0", self.footprint_radius_m)

    @property
    def one_world(self) -> bool:
        """Whether all scenarios are in the same world."""
        return isinstance(self.worlds, WorldFile)

    def world(self, number: int) -> World:
        """The world of a scenario, with a robot of the suite's width.

        :raises ConfigError: if the robot is wider than the suite wants it.
        """
        return widened(self.worlds.draw(self.generator(number, "world")), self.footprint_radius_m)

    def generator(self, number: int, what: Literal["world", "scenario", "noise"]) -> np.random.Generator:
        """Draws one thing of a scenario."""
        return np.random.default_rng([self.seed, number, ("world", "scenario", "noise").index(what)])

    def task(self, world: World) -> Task:
        """The task in one of the suite's worlds."""
        return Task(
            name=world.name,
            lidar=self.lidar,
            randomisation=self.randomisation,
            rate_hz=self.rate_hz,
            footprint_radius_m=footprint_radius(world.robot),
            goal_tolerance_m=self.goal_tolerance_m,
            time_limit_s=self.time_limit_s,
            goal_distance_m=self.goal_distance_m,
        )


def load_suite(name: str | Path, **overrides: Any) -> Suite:
    """A suite by its file, or a shipped one by its name.

    :param overrides: values instead of the file's, by dotted key.
    :raises ConfigError: if the file is no suite.
    """
    return config.load(Suite, shipped("suites", name, ".yaml"), **overrides)


def shipped_suites() -> Iterator[str]:
    """Names of the suites that ship."""
    yield from sorted(file.stem for file in config_file("suites").glob("*.yaml"))


def widened(world: World, radius_m: float) -> World:
    """A world whose robot wears a ring of this radius at the height of its lidar's mount; 0 leaves it as it is.

    The ring is solid and unseen: the lidar looks over it.

    :raises ConfigError: if the robot is wider already.
    """
    if radius_m == 0.0:
        return world
    robot = world.robot
    now_m = footprint_radius(robot)
    require(radius_m > now_m - FOOTPRINT_TOLERANCE_M, "footprint_radius_m", f">= {now_m:.3f}, the robot's", radius_m)
    first, *others = robot.links
    height_m = lidar_mount(robot)[1][2, 3] - first.pose[2, 3] - 2.0 * BUMPER_M
    ring = Collision("bumper_collision", transform((0.0, 0.0, height_m)), Cylinder(radius_m, BUMPER_M), friction=0.0)
    wide = replace(robot, links=(replace(first, collisions=(*first.collisions, ring)), *others))
    return replace(world, models=tuple(wide if model is robot else model for model in world.models))
