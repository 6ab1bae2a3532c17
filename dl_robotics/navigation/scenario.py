"""Where episodes begin and lead to: drawn from a generator, or given."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numba
import numpy as np

from dl_robotics.navigation.task import Range, Task
from dl_robotics.sim.engine import Array, Indices, Start
from dl_robotics.sim.free_space import FreeSpace
from dl_robotics.sim.trajectory import Trajectory
from dl_robotics.sim.world import World

START_MARGIN_M = 0.05  # beyond the footprint, to anything static
MOVER_MARGIN_M = 0.4  # beyond the footprint, to a moving obstacle's centre: time to react
ATTEMPTS = 10_000


@dataclass(frozen=True)
class Scenarios:
    """How k episodes begin: the engine's start, the goals (k, 2) in m and the command latency (k,) in s."""

    start: Start
    goal: Array
    latency_s: Array


class Sampler(Protocol):
    """Draws how episodes begin."""

    def draw(self, rng: np.random.Generator, envs: Indices, given: Mapping[str, Any] | None = None) -> Scenarios:
        """Scenarios for the environments ``envs`` (k,), but for what is given."""

    def where(self, env: int) -> tuple[World, FreeSpace]:
        """The world that an environment is in."""

    def renew(self) -> None:
        """Everything begins anew."""

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs."""

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""


class ScenarioSampler:
    """Draws starts and goals in the free space of a world, moving obstacles anywhere along their cycles.

    :param world: the world; its static obstacles bound the free space.
    :param task: footprint, distances between start and goal, randomisation.
    :param trajectories: of the world's movers, in their order.
    """

    def __init__(self, world: World, task: Task, trajectories: tuple[Trajectory, ...]) -> None:
        self.world, self.task = world, task
        self.trajectories = trajectories
        self.free_space = FreeSpace(world, task.footprint_radius_m + START_MARGIN_M)

    def draw(self, rng: np.random.Generator, envs: Indices, given: Mapping[str, Any] | None = None) -> Scenarios:
        """Scenarios for an episode in each of the environments ``envs`` (k,).

        :param given: what not to draw: ``pose`` (x, y, yaw), ``goal`` (x, y), ``mover_time_s`` (movers,), one for all
            episodes or one row an episode.
        :raises ValueError: for an unknown key, a wrong shape, or a world too crowded for the task's distances.
        """
        given, count = dict(given or {}), len(envs)
        movers = len(self.trajectories)
        time_s = _rows(given, "mover_time_s", count, movers)
        mover_time_s = self._mover_times(rng, count) if time_s is None else time_s
        pose, goal = _rows(given, "pose", count, 3), _rows(given, "goal", count, 2)
        if given:
            raise ValueError(f"options: unknown {', '.join(given)}; expected pose, goal, mover_time_s")
        drawn_pose, drawn_goal = self._ends(rng, mover_time_s, pose, goal)
        random = self.task.randomisation
        start = Start(
            pose=drawn_pose,
            mover_time_s=mover_time_s,
            mover_rate=_uniform(rng, random.mover_rate, (count, movers)),
            friction=_uniform(rng, random.friction, (count,)),
            mass=_uniform(rng, random.mass, (count,)),
        )
        return Scenarios(start, drawn_goal, _uniform(rng, random.latency_s, (count,)))

    def where(self, env: int) -> tuple[World, FreeSpace]:
        """The world that an environment is in: the same for all."""
        return self.world, self.free_space

    def renew(self) -> None:
        """Nothing: there is one world."""

    def state_dict(self) -> dict[str, Any]:
        """Nothing: there is one world."""
        return {}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Nothing: there is one world."""

    def _mover_times(self, rng: np.random.Generator, count: int) -> Array:
        starts = np.array([t.cycle_start_s for t in self.trajectories])
        cycles = np.array([t.cycle_s for t in self.trajectories])
        return np.asarray(starts + cycles * rng.random((count, len(self.trajectories))))

    def _ends(
        self, rng: np.random.Generator, mover_time_s: Array, pose: Array | None, goal: Array | None
    ) -> tuple[Array, Array]:
        """Starts (k, 3) and goals (k, 2) far enough from each other and from every mover; what is given is kept."""
        count = len(mover_time_s)
        starts = np.zeros((count, 3)) if pose is None else pose
        goals = np.zeros((count, 2)) if goal is None else goal
        movers = np.zeros((count, len(self.trajectories), 2))
        for i, movement in enumerate(self.trajectories):
            movers[:, i] = movement.pose(mover_time_s[:, i])[:, :2]
        low, high = self.task.goal_distance_m
        limits = low, high, self.task.footprint_radius_m + MOVER_MARGIN_M
        if not _draw_ends(rng, self.free_space.places, movers, limits, (pose is None, goal is None), starts, goals):
            raise ValueError(
                f"task {self.task.name!r}: found no start and goal {low} to {high} m apart in {ATTEMPTS} draws"
            )
        return starts, goals


@numba.njit(cache=True)
def _draw_ends(
    rng: Any, places: Any, movers: Any, limits: Any, wanted: Any, starts: Any, goals: Any
) -> bool:  # pragma: no cover
    """Fill in the wanted starts and goals by rejection; whether all were found."""
    nearest, farthest, keep_off = limits
    draw_start, draw_goal = wanted
    for k in range(len(starts)):
        found = not (draw_start or draw_goal)
        for _ in range(ATTEMPTS):
            if found:
                break
            if draw_start:
                starts[k, 0], starts[k, 1] = _draw_place(rng, places)
                starts[k, 2] = rng.uniform(-math.pi, math.pi)
            if draw_goal:
                goals[k, 0], goals[k, 1] = _draw_place(rng, places)
            distance = math.hypot(starts[k, 0] - goals[k, 0], starts[k, 1] - goals[k, 1])
            found = nearest <= distance <= farthest
            for mover in movers[k]:
                if draw_start and math.hypot(starts[k, 0] - mover[0], starts[k, 1] - mover[1]) < keep_off:
                    found = False
        if not found:
            return False
    return True


@numba.njit(cache=True)
def _draw_place(rng: Any, places: Any) -> tuple[float, float]:  # pragma: no cover
    """A point in the free room about a free cell's centre."""
    place = places[int(rng.random() * len(places))]
    return place[0] + place[2] * rng.uniform(-1.0, 1.0), place[1] + place[2] * rng.uniform(-1.0, 1.0)


def _rows(given: dict[str, Any], key: str, count: int, width: int) -> Array | None:
    """A given value as (count, width) rows of its own."""
    if key not in given:
        return None
    value = np.asarray(given.pop(key), dtype=np.float64)
    if value.shape not in ((width,), (count, width)) or not np.isfinite(value).all():
        raise ValueError(f"options[{key!r}]: expected {width} finite numbers, or {count} rows of them, got {value}")
    return np.broadcast_to(value, (count, width)).copy()


def _uniform(rng: np.random.Generator, bounds: Range, shape: tuple[int, ...]) -> Array:
    return rng.uniform(*bounds, size=shape) if bounds[0] < bounds[1] else np.full(shape, bounds[0])
