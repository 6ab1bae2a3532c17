"""Lidar rays against convex outlines: each edge is tried against the rays of its own angular interval only."""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from dl_robotics.ops.compiled import compiled
from dl_robotics.sim.planar.geometry import Outlines

Array: TypeAlias = npt.NDArray[np.float64]
Interval: TypeAlias = tuple[int, int]

CORNER_M = 1e-9  # edges are this much longer at either end, so that no ray slips through a corner
ANGLE_MARGIN = 3e-4  # rad; intervals are this much wider at either end, see fast_angle
TURN = 2.0 * math.pi


class Fan(NamedTuple):
    """Where rays start, the angle of the first and the one between neighbours (world frame), and how far they reach."""

    x: float
    y: float
    first: float
    increment: float
    reach_m: float


@compiled
def fast_angle(y: float, x: float) -> float:
    """Arc tangent of y / x over the full circle, rad, to 1e-4 (least-maximum polynomial): only chooses rays to try."""
    wide, high = abs(x), abs(y)
    ratio = min(wide, high) / max(wide, high, 1e-300)
    square = ratio * ratio
    angle = ratio * (0.99921381 + square * (-0.32117491 + square * (0.14626433 - square * 0.03898643)))
    angle = 0.5 * math.pi - angle if high > wide else angle
    angle = math.pi - angle if x < 0.0 else angle
    return -angle if y < 0.0 else angle


@compiled
def see(ranges: Array, row: int, rays: Array, fan: Fan, seen: Outlines) -> None:
    """Lower ``ranges[row]`` (B,) to the nearest crossing of ``rays`` (2, B) with outlines in the world frame.

    From outside only edges that face the lidar can be nearest; from inside an outline all its far sides are seen.
    """
    for p in range(len(seen.polygons)):
        begin, end = int(seen.polygons[p, 0]), int(seen.polygons[p, 1])
        outside = -np.inf
        for e in range(begin, end):
            outside = max(outside, _in_front(seen.edges, e, fan))
        if outside > fan.reach_m:
            continue
        for e in range(begin, end):
            distance = _in_front(seen.edges, e, fan)
            if distance > 0.0 or outside <= 0.0:
                _see_edge(ranges, row, rays, fan, seen.edges, e, distance)
    for k in range(len(seen.discs)):
        _see_disc(ranges, row, rays, fan, seen.discs[k, 0] - fan.x, seen.discs[k, 1] - fan.y, seen.discs[k, 2])


@compiled
def _in_front(edges: Array, e: int, fan: Fan) -> float:
    return float(edges[e, 2] * (fan.x - edges[e, 0]) + edges[e, 3] * (fan.y - edges[e, 1]))


@compiled
def _see_edge(ranges: Array, row: int, rays: Array, fan: Fan, edges: Array, e: int, distance: float) -> None:
    """Try one edge, ``distance`` m in front of (or, negative, behind) which the lidar stands."""
    x, y = edges[e, 0] - fan.x, edges[e, 1] - fan.y
    nx, ny, length = edges[e, 2], edges[e, 3], edges[e, 4]
    begin, end = fast_angle(y, x), fast_angle(y + nx * length, x - ny * length)
    right, left = (end, begin) if distance > 0.0 else (begin, end)
    width = left - right
    if width < -1.0:
        width += TURN
    along = ny * x - nx * y  # from the first vertex to the foot of the perpendicular
    low, high = -CORNER_M, length + CORNER_M
    for first, last in _rays_between(fan, right, width, rays.shape[1]):
        for k in range(first, last):
            t = -distance / (nx * rays[0, k] + ny * rays[1, k])
            s = along + t * (nx * rays[1, k] - ny * rays[0, k])
            nearest = ranges[row, k]
            crossed = (t > 0.0) & (s >= low) & (s <= high) & (t < nearest)
            ranges[row, k] = t if crossed else nearest


@compiled
def _see_disc(ranges: Array, row: int, rays: Array, fan: Fan, x: float, y: float, radius: float) -> None:
    """Try one disc whose centre lies at (x, y) from the lidar."""
    apart = x * x + y * y
    if apart > (fan.reach_m + radius) ** 2:
        return
    square = apart - radius * radius
    right, width, side = 0.0, TURN, 1.0
    if square > 0.0:
        half = fast_angle(radius, math.sqrt(square))
        right, width, side = fast_angle(y, x) - half, 2.0 * half, -1.0
    for first, last in _rays_between(fan, right, width, rays.shape[1]):
        for k in range(first, last):
            ahead = x * rays[0, k] + y * rays[1, k]
            under = ahead * ahead - square
            t = ahead + side * math.sqrt(max(under, 0.0))
            nearest = ranges[row, k]
            crossed = (under >= 0.0) & (t > 0.0) & (t < nearest)
            ranges[row, k] = t if crossed else nearest


@compiled
def _rays_between(fan: Fan, right: float, width: float, count: int) -> tuple[Interval, Interval]:
    """Two half-open index ranges of the rays from the angle ``right`` over ``width`` rad, the ends a little wider."""
    begin = right - ANGLE_MARGIN - fan.first
    begin -= TURN * math.floor(begin / TURN)
    end = begin + width + 2.0 * ANGLE_MARGIN
    first = min(int(begin / fan.increment), count)
    last = min(int(end / fan.increment) + 1, count)
    wrapped = min(int((end - TURN) / fan.increment) + 1, count) if end >= TURN else 0
    return (first, last), (0, wrapped)
