"""Follow the gap (Sezer and Gokasan 2012, "A novel obstacle avoidance algorithm: Follow the Gap Method").

Obstacles, enlarged by the robot, close some directions. The robot heads for the middle of the widest gap between
(equation 12, the direction of the midpoint of the two obstacles that border it), bent towards the goal the more, the
farther the nearest obstacle is (equation 16):

    phi = (alpha / d_min * phi_gap + phi_goal) / (alpha / d_min + 1)

The paper drives at constant speed; here the robot slows down to turn. Where there is no gap it turns on the spot.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np

from dl_robotics.config import require
from dl_robotics.navigation.driver import Senses
from dl_robotics.navigation.observation import goal_polar
from dl_robotics.navigation.returns import mounted_rays, returns
from dl_robotics.navigation.task import Task
from dl_robotics.ops.compiled import compiled
from dl_robotics.sim.engine import Array
from dl_robotics.sim.robot import drive_of
from dl_robotics.sim.world import Model

DIRECTIONS = 181  # over the half circle ahead, as of the paper's lidar
GAIN = 3.0  # yaw rate in rad/s for each rad that the heading is off


@dataclass(frozen=True)
class FollowTheGapConfig:
    """How gaps are found and how much they count.

    :param alpha_m: weight of the gap against the goal.
    :param margin_m: added to the robot's radius.
    :param reach_m: obstacles farther away close no direction; nor do those beyond the goal.
    """

    alpha_m: float = 0.4
    margin_m: float = 0.06
    reach_m: float = 0.9

    def __post_init__(self) -> None:
        require(self.alpha_m >= 0.0, "alpha_m", ">= 0", self.alpha_m)
        require(self.margin_m >= 0.0, "margin_m", ">= 0", self.margin_m)
        require(self.reach_m > 0.0, "reach_m", "> 0", self.reach_m)


class FollowTheGap:
    """Drives a robot whose size and drive it is told."""

    def __init__(self, task: Task, robot: Model, settings: FollowTheGapConfig | None = None) -> None:
        drive = drive_of(robot)
        self._mount, self._rays = mounted_rays(task.lidar.beams, robot)
        self._limits = drive.max_linear_velocity, drive.max_angular_velocity, task.footprint_radius_m
        self._settings = astuple(settings or FollowTheGapConfig())

    def __call__(self, senses: Senses) -> Array:
        """Commands (N, 2)."""
        out = np.zeros((len(senses.pose), 2))
        _follow(senses.ranges, senses.pose, senses.goal, self._mount, self._rays, self._limits, self._settings, out)
        return out


@compiled
def _follow(ranges: Any, pose: Any, goal: Any, mount: Any, rays: Any, limits: Any, settings: Any, out: Any) -> None:
    fastest, turning, footprint_m = limits
    alpha_m, margin_m, reach_m = settings
    closed, points = np.empty(DIRECTIONS), np.empty((ranges.shape[1], 2))
    for n in range(len(ranges)):
        distance, bearing = goal_polar(pose[n, 0], pose[n, 1], pose[n, 2], goal[n, 0], goal[n, 1])
        radius = footprint_m + margin_m
        hits = points[: returns(ranges[n], mount, rays, points)]
        nearest = _close(hits, radius, min(reach_m, distance + radius), closed)
        gap, found = _widest_gap(closed, min(reach_m, distance + radius))
        if not found:
            out[n, 0], out[n, 1] = 0.0, math.copysign(turning / 2.0, bearing)
            continue
        weight = alpha_m / max(nearest - footprint_m, 0.01)
        heading = (weight * gap + bearing) / (weight + 1.0)
        out[n, 0] = fastest * max(math.cos(min(max(1.5 * heading, -math.pi), math.pi)), 0.0)
        out[n, 1] = min(max(GAIN * heading, -turning), turning)


@compiled
def _close(hits: Any, radius: float, reach_m: float, closed: Any) -> float:
    """Write to each direction how near the obstacle is that closes it (``inf``: open); the nearest one's distance."""
    closed[:] = np.inf
    nearest, step = np.inf, math.pi / (DIRECTIONS - 1)
    for k in range(len(hits)):
        x, y = hits[k, 0], hits[k, 1]
        d = math.hypot(x, y)
        nearest = min(nearest, d)
        if d > reach_m:
            continue
        half = math.asin(min(radius / max(d, 1e-6), 1.0))
        towards = math.atan2(y, x) + math.pi / 2.0
        first, last = math.ceil((towards - half) / step), math.floor((towards + half) / step)
        for i in range(max(first, 0), min(last, DIRECTIONS - 1) + 1):
            closed[i] = min(closed[i], d)
    return nearest


@compiled
def _widest_gap(closed: Any, open_m: float) -> tuple[float, bool]:
    """Direction of the middle of the widest gap, rad from straight ahead, and whether there is one."""
    step = math.pi / (DIRECTIONS - 1)
    widest, best_first, first = 0, 0, 0
    for i in range(DIRECTIONS + 1):
        if i == DIRECTIONS or closed[i] < np.inf:
            if i - first > widest:
                widest, best_first = i - first, first
            first = i + 1
    if widest == 0:
        return 0.0, False
    last = best_first + widest - 1
    right, left = best_first * step - math.pi / 2.0, last * step - math.pi / 2.0
    right_m = closed[best_first - 1] if best_first > 0 else open_m
    left_m = closed[last + 1] if last < DIRECTIONS - 1 else open_m
    x = right_m * math.cos(right) + left_m * math.cos(left)
    y = right_m * math.sin(right) + left_m * math.sin(left)
    return math.atan2(y, x), True
