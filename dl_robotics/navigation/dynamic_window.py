"""The dynamic window approach (Fox, Burgard and Thrun 1997, "The dynamic window approach to collision avoidance").

Of the velocities (v, w) that can be reached within one period (the dynamic window) and from which the robot can still
stop before the nearest obstacle on their arc (admissible), it takes the one that maximises the paper's equation (13),

    G(v, w) = alpha heading(v, w) + beta dist(v, w) + gamma velocity(v, w)

with each term scaled to [0, 1]. Departures: G is not smoothed over its neighbours; obstacles are the lidar's returns as
points; where no velocity is admissible the robot turns on the spot, towards the goal.
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

SPEEDS, TURNS = 7, 15  # velocities tried in the window


@dataclass(frozen=True)
class DynamicWindowConfig:
    """Weights of the three terms, and what counts as far.

    With the paper's weights of 2, 0.2 and 0.2 this robot stands still in front of walls more often than with these.

    :param margin_m: kept beyond the footprint.
    :param far_m: a way this long to the nearest obstacle counts as free.
    """

    heading: float = 2.0
    distance: float = 0.6
    velocity: float = 0.6
    margin_m: float = 0.03
    far_m: float = 1.0

    def __post_init__(self) -> None:
        for name in ("heading", "distance", "velocity", "margin_m"):
            require(getattr(self, name) >= 0.0, name, ">= 0", getattr(self, name))
        require(self.far_m > 0.0, "far_m", "> 0", self.far_m)


class DynamicWindow:
    """Drives a robot whose size and drive it is told."""

    def __init__(self, task: Task, robot: Model, settings: DynamicWindowConfig | None = None) -> None:
        settings = settings or DynamicWindowConfig()
        drive = drive_of(robot)
        self._mount, self._rays = mounted_rays(task.lidar.beams, robot)
        self._limits = (
            max(drive.min_linear_velocity, 0.0),  # forward only, as the learned policies
            drive.max_linear_velocity,
            drive.max_angular_velocity,
            -drive.min_linear_acceleration,
            drive.max_angular_acceleration,
            task.control_period_s,
            task.footprint_radius_m + settings.margin_m,
        )
        self._weights = (*astuple(settings)[:3], settings.far_m)

    def __call__(self, senses: Senses) -> Array:
        """Commands (N, 2)."""
        out = np.zeros((len(senses.pose), 2))
        _choose(
            senses.ranges, senses.pose, senses.velocity, senses.goal, self._mount, self._rays, self._limits,
            self._weights, out,
        )  # fmt: skip
        return out


@compiled
def _choose(
    ranges: Any, pose: Any, velocity: Any, goal: Any, mount: Any, rays: Any, limits: Any, weights: Any, out: Any
) -> None:
    points = np.empty((ranges.shape[1], 2))
    for n in range(len(ranges)):
        hits = points[: returns(ranges[n], mount, rays, points)]
        distance, bearing = goal_polar(pose[n, 0], pose[n, 1], pose[n, 2], goal[n, 0], goal[n, 1])
        out[n, 0], out[n, 1] = _best(velocity[n, 0], velocity[n, 1], hits, distance, bearing, limits, weights)


@compiled
def _best(
    speed: float, rate: float, hits: Any, distance: float, bearing: float, limits: Any, weights: Any
) -> tuple[float, float]:
    """The best of the admissible velocities in the window."""
    slowest, fastest, turning, brake, turn_brake, period_s, radius = limits
    far_m = min(weights[3], max(distance, radius))  # what lies beyond the goal is in nobody's way
    low_v = max(slowest, speed - brake * period_s)
    high_v = max(min(fastest, speed + brake * period_s), low_v)
    low_w = max(-turning, min(rate - turn_brake * period_s, turning))
    high_w = min(turning, max(rate + turn_brake * period_s, -turning))
    best, best_v, best_w = -np.inf, 0.0, math.copysign(turning / 2.0, bearing)
    for a in range(SPEEDS):
        v = low_v + (high_v - low_v) * a / (SPEEDS - 1)
        for b in range(TURNS):
            w = low_w + (high_w - low_w) * b / (TURNS - 1)
            free_m = _free_way(v, w, hits, radius, far_m)
            turnable = math.inf if v < 1e-6 else free_m * abs(w) / v
            admissible = v * v <= 2.0 * free_m * brake and w * w <= 2.0 * turnable * turn_brake
            score = _score(v, w, free_m / far_m, distance, bearing, limits, weights)
            if admissible and score > best:
                best, best_v, best_w = score, v, w
    return best_v, best_w


@compiled
def _score(v: float, w: float, free: float, distance: float, bearing: float, limits: Any, weights: Any) -> float:
    """Equation (13); the heading is the one after a period and then braking, as the paper has it."""
    _, fastest, _, brake, turn_brake, period_s, _ = limits
    turned = w * period_s + w * abs(w) / (2.0 * turn_brake)
    driven = v * period_s + v * v / (2.0 * brake)
    x = distance * math.cos(bearing) - driven * math.cos(turned / 2.0)
    y = distance * math.sin(bearing) - driven * math.sin(turned / 2.0)
    off = abs((math.atan2(y, x) - turned + math.pi) % (2.0 * math.pi) - math.pi)
    heading = 1.0 - off / math.pi
    return float(weights[0] * heading + weights[1] * free + weights[2] * v / fastest)


@compiled
def _free_way(v: float, w: float, hits: Any, radius: float, far_m: float) -> float:
    """How far the robot can drive along an arc before it touches a point, m, at most ``far_m``."""
    if v < 1e-6:
        return far_m  # a disc turns on the spot
    nearest = far_m
    for k in range(len(hits)):
        x, y = hits[k, 0], hits[k, 1]
        apart = math.hypot(x, y)
        if apart - radius >= nearest:
            continue
        reach = min(radius, apart - 1e-3)  # what is within the margin already can be left
        nearest = min(nearest, _straight(x, y, reach) if abs(w) < 1e-3 else _curved(x, y, v / w, reach))
    return nearest


@compiled
def _straight(x: float, y: float, reach: float) -> float:
    return x - math.sqrt(reach * reach - y * y) if abs(y) < reach and x > 0.0 else math.inf


@compiled
def _curved(x: float, y: float, turn_m: float, reach: float) -> float:
    """Length of the arc of radius ``|turn_m|``, its centre to the left if positive, until a point is in reach."""
    size, left = abs(turn_m), y if turn_m > 0.0 else -y
    from_centre = math.hypot(x, left - size)
    if abs(from_centre - size) >= reach or from_centre < 1e-9:
        return math.inf
    cos = (size * size + from_centre * from_centre - reach * reach) / (2.0 * size * from_centre)
    towards = math.atan2(x, size - left)  # turned when the point lies straight outwards or inwards
    contact = towards - math.acos(min(max(cos, -1.0), 1.0))
    return size * (contact % (2.0 * math.pi))
