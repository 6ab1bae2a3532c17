"""Goals for robots that are not placed by us: drawn from the map of their world, or from a rectangle."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from dl_robotics.config import require
from dl_robotics.navigation.scenario import START_MARGIN_M
from dl_robotics.navigation.task import Task
from dl_robotics.resources import shipped
from dl_robotics.sim.engine import Array
from dl_robotics.sim.free_space import FreeSpace
from dl_robotics.sim.sdf import read_world

DRAWS = 1000
Box = tuple[float, float, float, float]  # lowest and highest x, lowest and highest y, m


class GoalPlaces(Protocol):
    """Where goals may lie."""

    def sample(self, rng: np.random.Generator, count: int) -> Array:
        """(count, 2) places, m."""


class BoxPlaces:
    """Anywhere in a rectangle, which somebody says is free.

    :raises ConfigError: if it is none.
    """

    def __init__(self, box: Box) -> None:
        low, high = np.array(box).reshape(2, 2).T
        require(bool((low < high).all()), "box", "[x_low, x_high, y_low, y_high], each low below its high", box)
        self._low, self._high = low, high

    def sample(self, rng: np.random.Generator, count: int) -> Array:
        """(count, 2) places, m."""
        return rng.uniform(self._low, self._high, (count, 2))


def free_places(world: str, robot: str, task: Task) -> FreeSpace:
    """Anywhere in a world where the task's robot can stand.

    :param world: an SDF file, or the name of a shipped one.
    :param robot: for a world without one; empty otherwise.
    :raises SdfError: for a world that cannot be used.
    """
    file = shipped("robots", robot, "") if robot else None
    return FreeSpace(read_world(shipped("worlds", world, ".sdf"), file), task.footprint_radius_m + START_MARGIN_M)


def draw_goal(rng: np.random.Generator, places: GoalPlaces, task: Task, position: Array) -> Array:
    """(2,) a goal as far from a robot's position (2,) as the task wants it, as the crow flies.

    :raises ValueError: if there is none.
    """
    low, high = task.goal_distance_m
    drawn = places.sample(rng, DRAWS)
    apart = np.linalg.norm(drawn - position, axis=1)
    fitting = np.flatnonzero((apart >= low) & (apart <= high))
    if not len(fitting):
        raise ValueError(f"task {task.name!r}: found no goal {low} to {high} m from {position} in {DRAWS} draws")
    return np.asarray(drawn[fitting[0]])
