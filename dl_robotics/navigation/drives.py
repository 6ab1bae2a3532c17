"""Episodes of a suite as they went: what is kept of each, and what figures come of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np

from dl_robotics.navigation.legs import Leg
from dl_robotics.sim.engine import Array

Hit: TypeAlias = Literal["nothing", "standing", "moving"]


@dataclass(frozen=True, eq=False)
class Drive(Leg):
    """One episode.

    :param number: of its scenario in the suite.
    :param yaw: (n,) rad along the path.
    :param period_s: between the path's points.
    :param fastest_s: time of the shortest path at the robot's top speed.
    :param clearance_m: how near its footprint came to anything.
    :param stalled: whether it got nowhere for a while, standing; ``circled``: turning.
    :param movers: (m, 3) where the moving obstacles were in the end.
    :param hit: what a collision was with; what moves may have run into the robot.
    """

    number: int
    yaw: Array
    period_s: float
    fastest_s: float
    clearance_m: float
    stalled: bool
    circled: bool
    movers: Array
    hit: Hit = "nothing"

    @property
    def success(self) -> bool:
        """Whether the goal was reached."""
        return self.outcome == "reached"

    @cached_property
    def spl(self) -> float:
        """Success weighted by path length, S l / max(p, l) (Anderson 2018, "On evaluation of embodied navigation")."""
        return self.shortest_m / max(self.length_m, self.shortest_m) if self.success else 0.0

    @property
    def time_ratio(self) -> float:
        """Time over that of the shortest path at top speed; NaN for a failure."""
        return self.time_s / self.fastest_s if self.success else float("nan")

    @cached_property
    def yaw_acceleration(self) -> float:
        """Mean magnitude of the change of the yaw rate, rad/s^2: 0 for the smoothest drive."""
        if len(self.yaw) < 3:
            return 0.0
        return float(np.abs(np.diff(np.unwrap(self.yaw), 2)).mean()) / self.period_s**2

    @cached_property
    def backwards(self) -> float:
        """Share of its way along its heading, halfway through each step, that was driven backwards, 0 to 1."""
        heading = self.yaw[:-1] + 0.5 * np.diff(np.unwrap(self.yaw))
        ahead_m = (np.diff(self.path, axis=0) * np.stack([np.cos(heading), np.sin(heading)], axis=1)).sum(axis=1)
        way_m = float(np.abs(ahead_m).sum())
        return float(-ahead_m[ahead_m < 0.0].sum()) / way_m if way_m > 0.0 else 0.0

    @property
    def remaining_m(self) -> float:
        """How far from the goal it ended, as the crow flies."""
        return float(np.linalg.norm(self.path[-1] - self.goal))

    @property
    def badness(self) -> float:
        """For finding the worst: 0 to 1 for the detour of a success, above 1 for a failure, the farther the higher."""
        return 1.0 - self.spl if self.success else 1.0 + self.remaining_m
