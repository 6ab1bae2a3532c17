"""Distances from points to convex outlines."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from dl_robotics.ops.compiled import compiled
from dl_robotics.sim.planar.geometry import Outlines

Array: TypeAlias = npt.NDArray[np.float64]

STRIDE_M = 0.001


@compiled
def polygon_distance(x: float, y: float, solid: Outlines, polygon: int, enough: float) -> float:
    """Distance from a point to a convex polygon, <= 0 inside; a lower bound where it is more than ``enough``."""
    edges, begin, end = solid.edges, int(solid.polygons[polygon, 0]), int(solid.polygons[polygon, 1])
    outside = -np.inf
    for e in range(begin, end):
        outside = max(outside, edges[e, 2] * (x - edges[e, 0]) + edges[e, 3] * (y - edges[e, 1]))
    if outside > enough or outside <= 0.0:
        return outside
    nearest = np.inf
    for e in range(begin, end):
        east, north = x - edges[e, 0], y - edges[e, 1]
        across = edges[e, 2] * east + edges[e, 3] * north
        if across > 0.0:
            along = edges[e, 2] * north - edges[e, 3] * east
            beyond = along - min(max(along, 0.0), edges[e, 4])
            nearest = min(nearest, across * across + beyond * beyond)
    return math.sqrt(nearest)


@compiled
def disc_distance(x: float, y: float, solid: Outlines, disc: int) -> float:
    """Distance from a point to a disc, negative inside."""
    east, north = x - solid.discs[disc, 0], y - solid.discs[disc, 1]
    return math.sqrt(east * east + north * north) - float(solid.discs[disc, 2])


@compiled
def outline_distance(x: float, y: float, solid: Outlines, index: int, enough: float) -> float:
    """Distance from a point to the outline of that index: polygons first, then discs; see :func:`polygon_distance`."""
    polygons = len(solid.polygons)
    if index < polygons:
        return polygon_distance(x, y, solid, index, enough)
    return disc_distance(x, y, solid, index - polygons)


@compiled
def owner_of(outlines: Outlines, index: int) -> int:
    """The mover that the outline of that index belongs to; -1 if it stands still."""
    polygons = len(outlines.polygons)
    return int(outlines.polygons[index, 2] if index < polygons else outlines.discs[index - polygons, 3])


@compiled
def clearances(points: Array, solid: Outlines) -> Array:
    """(k,) distance of (k, 2) points to the nearest outline, m; <= 0 inside, ``inf`` in an empty world."""
    nearest = np.empty(len(points))
    for i in range(len(points)):
        nearest[i] = _clearance(points[i, 0], points[i, 1], solid)
    return nearest


@compiled
def _clearance(x: float, y: float, solid: Outlines) -> float:
    nearest = np.inf
    for index in range(len(solid.polygons) + len(solid.discs)):
        nearest = min(nearest, outline_distance(x, y, solid, index, nearest))
    return nearest


@compiled
def passes(start: Array, goal: Array, radius: float, solid: Outlines) -> bool:
    """Whether a disc can move straight from (2,) ``start`` to ``goal``.

    Each stride is as long as the clearance allows, but at least :data:`STRIDE_M`.
    """
    length = math.hypot(goal[0] - start[0], goal[1] - start[1])
    place = 0.0
    while True:
        fraction = place / length if length > 0.0 else 0.0
        x, y = start[0] + fraction * (goal[0] - start[0]), start[1] + fraction * (goal[1] - start[1])
        spare = _clearance(x, y, solid) - radius
        if spare <= 0.0 or place >= length:
            return bool(spare > 0.0)
        place = min(place + max(spare, STRIDE_M), length)
