"""One interface for all that can drive a robot to a goal: learned policies and classical methods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np

from dl_robotics.config import require
from dl_robotics.navigation.action import command
from dl_robotics.navigation.observation import Observer
from dl_robotics.navigation.stage import PolicyStage
from dl_robotics.navigation.task import Task
from dl_robotics.ops.geometry import wrap_angle
from dl_robotics.sim.engine import Array, Beams, Indices, Mask
from dl_robotics.sim.world import Model

SIDE_BY_SIDE = 64  # robots that a driver is asked about at most


@dataclass(frozen=True)
class Senses:
    """What N robots know at one instant; poses and goals in one frame.

    :param ranges: (N, beams) m along the lidar's beams; ``inf`` is nothing seen, ``-inf`` too near to measure.
    :param pose: (N, 3) x, y in m, yaw in rad.
    :param velocity: (N, 2) forward m/s, yaw rate rad/s.
    :param goal: (N, 2) m.
    :param last_command: (N, 2) m/s and rad/s.
    :param robot: (N,) which of the :data:`SIDE_BY_SIDE` robots each is, for drivers that remember.
    """

    ranges: Array
    pose: Array
    velocity: Array
    goal: Array
    last_command: Array
    robot: Indices

    def of(self, robots: Indices) -> Senses:
        """Some of the robots."""
        return Senses(
            ranges=self.ranges[robots],
            pose=self.pose[robots],
            velocity=self.velocity[robots],
            goal=self.goal[robots],
            last_command=self.last_command[robots],
            robot=self.robot[robots],
        )


class Driver(Protocol):
    """Drives any number of robots, each by what it senses now."""

    def __call__(self, senses: Senses) -> Array:
        """Commands (N, 2) in m/s and rad/s."""


DriverMaker: TypeAlias = Callable[[Task, Model], Driver]  # for the task that is judged, and the robot that drives


class PolicyDriver:
    """A learned policy, with the lidar it learned with taken from the one there is; see ``scan_memory.py``."""

    def __init__(self, stage: PolicyStage, beams: Beams) -> None:
        self._policy, self._task = stage.policy, stage.task
        self._rays, self._there = nearest_rays(beams, self._task.lidar.beams)
        self._observer = Observer(self._task, SIDE_BY_SIDE)
        self._policy.reset()

    def __call__(self, senses: Senses) -> Array:
        """Commands (N, 2), greedily."""
        ranges = np.where(self._there, senses.ranges[:, self._rays], np.nan)
        rows = (ranges, senses.pose, senses.velocity, senses.goal, senses.last_command)
        seen = self._observer(senses.robot, *rows)
        return command(self._task.action, self._policy(seen, senses.robot))


def policy_maker(stage: PolicyStage) -> DriverMaker:
    """Let a policy drive in tasks that are decided as often as its own; of robot and lidar it is told nothing."""

    def make(task: Task, robot: Model) -> Driver:
        same = abs(stage.task.rate_hz - task.rate_hz) < 1e-6
        require(same, "rate_hz", f"the {stage.task.rate_hz:g} Hz at which {robot.name}'s policy decides", task.rate_hz)
        return PolicyDriver(stage, task.lidar.beams)

    return make


def nearest_rays(there: Beams, wanted: Beams) -> tuple[Indices, Mask]:
    """Of each wanted beam the nearest ray that is there, and whether the lidar looks that way at all.

    :returns: (count,) indices and (count,) flags, false for directions outside the field of view.
    """
    apart = np.abs(wrap_angle(wanted.angles[:, None] - there.angles[None, :]))
    rays = apart.argmin(axis=1)
    return rays, apart.min(axis=1) <= there.increment / 2.0 + 1e-9
