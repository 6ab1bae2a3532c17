"""From a world to the arrays of the planar kernels.

Two flat maps are drawn: what the lidar sees (visuals, cut at its height) and what the robot can run into (collisions
between the ground clearance and the robot's top, seen from above). Models that follow a trajectory keep their outlines
in a frame of their own; every other model but the robot stands where the file puts it, be it static or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from dl_robotics.ops.geometry import inverse, planar, transform_from_planar
from dl_robotics.sim.planar.robot import collision_band, lidar_height
from dl_robotics.sim.shapes import Disc, Outline, Polygon, collisions, project, visuals
from dl_robotics.sim.world import Collision, Model, Transform, Visual, World

Array: TypeAlias = npt.NDArray[np.float64]
Owned: TypeAlias = tuple[int, Outline]
Parts: TypeAlias = Callable[[Model], Iterable[tuple[Visual | Collision, Transform]]]


class Outlines(NamedTuple):
    """Convex outlines as arrays of one type, indices included, which keeps the kernels' signatures simple.

    ``owner`` is the index of the mover in whose frame an outline is given; -1 for what stands still in the world.
    """

    edges: Array  # (E, 5) first vertex x, y, outward normal x, y, length; counter-clockwise
    polygons: Array  # (P, 3) first edge, end edge, owner
    discs: Array  # (D, 4) x, y, radius, owner


def seen_outlines(world: World) -> Outlines:
    """What the robot's first lidar sees."""
    height = lidar_height(world)
    return _gather([*_still(world, visuals, height, height), *_moving(world, visuals, height, height)])


def solid_outlines(world: World) -> Outlines:
    """What the robot can run into."""
    band = collision_band(world)
    return _gather([*_still(world, collisions, *band), *_moving(world, collisions, *band)])


def standing_outlines(world: World) -> Outlines:
    """The part of :func:`solid_outlines` that stands still."""
    return _gather(_still(world, collisions, *collision_band(world)))


def moving_outlines(world: World) -> Outlines:
    """The part of :func:`solid_outlines` that moves, in the movers' frames."""
    return _gather(_moving(world, collisions, *collision_band(world)))


def _still(world: World, parts: Parts, low: float, high: float) -> Iterator[Owned]:
    """Outlines of everything but the robot and the movers, in the world frame."""
    for model in world.models:
        if model is not world.robot and model.follower is None:
            yield from _outlines(-1, model, model.pose, parts, low, high)


def _moving(world: World, parts: Parts, low: float, high: float) -> Iterator[Owned]:
    """Outlines of the movers, in their own planar frames."""
    for owner, model in enumerate(world.movers):
        frame = inverse(transform_from_planar(planar(model.pose))) @ model.pose
        yield from _outlines(owner, model, frame, parts, low, high)


def _outlines(owner: int, model: Model, frame: Transform, parts: Parts, low: float, high: float) -> Iterator[Owned]:
    found = (project(part.shape, frame @ pose, low, high) for part, pose in parts(model))
    return ((owner, outline) for outline in found if outline is not None)


def _gather(items: Iterable[Owned]) -> Outlines:
    items = list(items)
    polygons = [(owner, _edges(item.vertices)) for owner, item in items if isinstance(item, Polygon)]
    discs = [(item.x, item.y, item.radius, owner) for owner, item in items if isinstance(item, Disc)]
    ends = np.cumsum([0, *(len(edges) for _, edges in polygons)])
    rows = np.column_stack([ends[:-1], ends[1:], [owner for owner, _ in polygons]])
    return Outlines(
        edges=np.concatenate([np.empty((0, 5)), *(edges for _, edges in polygons)]),
        polygons=np.ascontiguousarray(rows, dtype=np.float64),
        discs=np.array(discs, dtype=np.float64).reshape(-1, 4),
    )


def _edges(vertices: Array) -> Array:
    """(k, 5) edges of a polygon; the single one of a half-plane."""
    ends = np.roll(vertices, -1, axis=0)
    if len(vertices) == 2:
        vertices, ends = vertices[:1], ends[:1]
    along = ends - vertices
    length = np.linalg.norm(along, axis=1)
    along = along / length[:, None]
    return np.column_stack([vertices, along[:, 1], -along[:, 0], length])
