"""A robot's next stretch of way among obstacles whose motion is known, exactly as the planar engine drives it."""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from numba import njit

from dl_robotics.ops.compiled import compiled
from dl_robotics.sim.planar.contact import outline_distance, owner_of
from dl_robotics.sim.planar.geometry import Outlines
from dl_robotics.sim.planar.motion import Axis, arc, ramp

Array: TypeAlias = npt.NDArray[np.float64]

kernel = njit(cache=True, nogil=True, error_model="numpy")  # not inlined: one search would take a minute to compile

HIT = -1  # instead of the number of periods to the goal
UNDERWAY = 0


class Robot(NamedTuple):
    """What drives, and the clock that it drives by."""

    forward: Axis
    turning: Axis
    friction: float  # factors, as in an engine's Start
    mass: float
    radius: float  # of the footprint, with a margin
    axle_x: float  # in the model frame
    axle_y: float
    step_s: float  # after which the engine looks for contact
    steps: int  # in a control period


class Known(NamedTuple):
    """All that stands, moves and is wanted in a world."""

    standing: Outlines
    moving: Outlines  # in the movers' frames
    poses: Array  # (time steps, 3 M) of the movers
    fastest_mps: float  # of the movers
    way_s: Array  # (rows, columns) from each cell to the goal at top speed
    corner_x: float  # of cell (0, 0)
    corner_y: float
    cell_m: float
    goal_x: float
    goal_y: float
    tolerance_m: float


class Place(NamedTuple):
    """Where a robot is, how it moves, and how far it can go before it need look for what stands and what moves."""

    x: float
    y: float
    yaw: float
    speed: float
    rate: float
    from_standing_m: float
    from_moving_m: float


@kernel
def held(
    place: Place, speed: float, rate: float, first: int, periods: int, robot: Robot, known: Known
) -> tuple[Place, int]:
    """Where a command that is held for some control periods leads, from the time step ``first`` on.

    :return: the place, and :data:`HIT`, :data:`UNDERWAY` or after how many periods the goal is reached.
    """
    x, y, yaw, v, w = place.x, place.y, place.yaw, place.speed, place.rate
    standing_m, moving_m = place.from_standing_m, place.from_moving_m
    cos, sin = math.cos(yaw), math.sin(yaw)
    for step in range(1, periods * robot.steps + 1):
        v, v_mean = ramp(v, speed, robot.forward, robot.friction, robot.mass, robot.step_s)
        w, w_mean = ramp(w, rate, robot.turning, robot.friction, robot.mass, robot.step_s)
        forward_m, turned = v_mean * robot.step_s, w_mean * robot.step_s
        before_x, before_y, yaw = x, y, yaw + turned
        x, y, cos, sin = arc(x, y, cos, sin, (robot.axle_x, robot.axle_y), forward_m, turned)
        moved_m = math.hypot(x - before_x, y - before_y)
        standing_m -= moved_m
        moving_m -= moved_m + known.fastest_mps * robot.step_s
        if standing_m <= 0.0:
            standing_m = from_standing(x, y, known) - robot.radius
        if moving_m <= 0.0:
            moving_m = from_moving(x, y, first + step, known) - robot.radius
        if standing_m <= 0.0 or moving_m <= 0.0:
            return Place(x, y, yaw, v, w, standing_m, moving_m), HIT
        if step % robot.steps == 0 and math.hypot(x - known.goal_x, y - known.goal_y) < known.tolerance_m:
            return Place(x, y, yaw, v, w, standing_m, moving_m), step // robot.steps
    return Place(x, y, yaw, v, w, standing_m, moving_m), UNDERWAY


@kernel
def from_standing(x: float, y: float, known: Known) -> float:
    """Distance of a point from what stands."""
    nearest = np.inf
    for index in range(len(known.standing.polygons) + len(known.standing.discs)):
        nearest = min(nearest, outline_distance(x, y, known.standing, index, nearest))
    return nearest


@kernel
def from_moving(x: float, y: float, step: int, known: Known) -> float:
    """Distance of a point from what moves, at a time step."""
    nearest = np.inf
    for m in range(known.poses.shape[1] // 3):
        east, north, yaw = x - known.poses[step, 3 * m], y - known.poses[step, 3 * m + 1], known.poses[step, 3 * m + 2]
        cos, sin = math.cos(yaw), math.sin(yaw)
        ahead, left = cos * east + sin * north, cos * north - sin * east
        for index in range(len(known.moving.polygons) + len(known.moving.discs)):
            if owner_of(known.moving, index) == m:
                nearest = min(nearest, outline_distance(ahead, left, known.moving, index, nearest))
    return nearest


@compiled
def way_left_s(x: float, y: float, known: Known) -> float:
    """Time of the shortest way to the goal, past what stands, at top speed."""
    column = min(max(int((x - known.corner_x) / known.cell_m), 0), known.way_s.shape[1] - 1)
    row = min(max(int((y - known.corner_y) / known.cell_m), 0), known.way_s.shape[0] - 1)
    return float(known.way_s[row, column])
