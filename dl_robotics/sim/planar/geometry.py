"""From a world to the arrays of the planar kernels.

Two flat maps are drawn: what the lidar sees (visuals, cut at its height) and what the robot can run into (collisions
between the ground clearance and the robot's top, seen from above). Models that follow a trajectory keep their shapes
in a frame of their own; every other model but the robot stands where the file puts it, be it static or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from dl_robotics.ops.geometry import inverse, planar, transform_from_planar
from dl_robotics.sim.planar.robot import collision_band, lidar_height
from dl_robotics.sim.shapes import Disc, Outline, Polygon, collisions, project, visuals
from dl_robotics.sim.world import Collision, Model, Transform, Visual, World

Array: TypeAlias = npt.NDArray[np.float64]
Parts: TypeAlias = Callable[[Model], Iterable[tuple[Visual | Collision, Transform]]]


class Outlines(NamedTuple):
    """Convex outlines as arrays of one type, indices included, which keeps the kernels' signatures simple.

    ``owner`` is the index of the mover in whose frame an outline is given; 0 for what stands still.
    """

    edges: Array  # (E, 5) first vertex x, y, outward normal x, y, length; counter-clockwise
    polygons: Array  # (P, 3) first edge, end edge, owner
    discs: Array  # (D, 4) x, y, radius, owner


class Layer(NamedTuple):
    """One map: what stands still, in the world frame, and what moves, in the movers' frames."""

    still: Outlines
    moving: Outlines


def outlines(items: Iterable[tuple[int, Outline]]) -> Outlines:
    """Gather outlines with their owners."""
    items = list(items)
    polygons = [(owner, _edges(item.vertices)) for owner, item in items if isinstance(item, Polygon)]
    discs = [(item.x, item.y, item.radius, owner) for owner, item in items if isinstance(item, Disc)]
    ends = np.cumsum([0, *(len(edges) for _, edges in polygons)])
    rows = np.column_stack([ends[:-1], ends[1:], [owner for owner, _ in polygons]])
    return Outlines(
        edges=np.concatenate([np.empty((0, 5)), *(edges for _, edges in polygons)]),
        polygons=rows.astype(np.float64),
        discs=np.array(discs, dtype=np.float64).reshape(-1, 4),
    )


def lidar_layer(world: World) -> Layer:
    """What the robot's first lidar sees."""
    height = lidar_height(world)
    return _layer(world, visuals, height, height)


def collision_layer(world: World) -> Layer:
    """What the robot can run into."""
    return _layer(world, collisions, *collision_band(world))


def _layer(world: World, parts: Parts, low: float, high: float) -> Layer:
    still: list[tuple[int, Outline]] = []
    moving: list[tuple[int, Outline]] = []
    movers = list(world.movers)
    for model in world.models:
        if model is world.robot:
            continue
        is_mover = model.follower is not None
        frame = inverse(transform_from_planar(planar(model.pose))) @ model.pose if is_mover else model.pose
        found = (project(part.shape, frame @ pose, low, high) for part, pose in parts(model))
        target, owner = (moving, movers.index(model)) if is_mover else (still, 0)
        target.extend((owner, outline) for outline in found if outline is not None)
    return Layer(outlines(still), outlines(moving))


def _edges(vertices: Array) -> Array:
    """(k, 5) edges of a polygon; the single one of a half-plane."""
    ends = np.roll(vertices, -1, axis=0)
    if len(vertices) == 2:
        vertices, ends = vertices[:1], ends[:1]
    along = ends - vertices
    length = np.linalg.norm(along, axis=1)
    along = along / length[:, None]
    return np.column_stack([vertices, along[:, 1], -along[:, 0], length])
