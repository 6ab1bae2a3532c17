"""Drivers that know what stands still, for comparison with those that only sense."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dl_robotics.navigation.driver import Driver, DriverMaker, Senses
from dl_robotics.navigation.guide import Guide
from dl_robotics.navigation.room import Room
from dl_robotics.navigation.task import Task
from dl_robotics.sim.engine import Array
from dl_robotics.sim.world import Model


class LedDriver:
    """Drives robots to where their guides say; :meth:`foresee` must come first."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._guides: dict[int, Guide] = {}

    def foresee(self, rooms: Sequence[Room]) -> None:
        """Take over the maps of some rooms."""
        self._guides = {robot: Guide(room.map) for room in rooms for robot in room.robots.tolist()}

    def __call__(self, senses: Senses) -> Array:
        """Commands (N, 2)."""
        rows = zip(senses.robot.tolist(), senses.pose[:, :2], senses.goal, strict=True)
        goals = [self._guides[robot](position, goal) for robot, position, goal in rows]
        return self._driver(replace(senses, goal=np.array(goals)))


def led_maker(make: DriverMaker) -> DriverMaker:
    """Give those whom a maker makes a map."""

    def make_led(task: Task, robot: Model) -> Driver:
        return LedDriver(make(task, robot))

    return make_led
