"""Horizontal outlines of posed shapes: what a planar lidar and a planar robot meet of a solid world.

Everything here is :func:`project`: the part of a shape between two heights, seen from above. With both heights equal
it is the cross-section that a horizontal lidar sees. All supported shapes are convex, and so are their outlines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.spatial import ConvexHull

from dl_robotics.ops.geometry import apply
from dl_robotics.sim.world import Box, Capsule, Collision, Cylinder, Model, Plane, Shape, Sphere, Transform, Visual

Array: TypeAlias = npt.NDArray[np.float64]

ROUND_SIDES = 256  # sides of a tilted round shape: 0.008 % off the true radius
PLANE_HALF_LENGTH_M = 1e4  # an infinite line is drawn this far to either side
UPRIGHT_TOLERANCE = 1e-6  # sine of the tilt below which an axis counts as vertical
THINNEST_M = 1e-9  # outlines thinner than this are nothing


@dataclass(frozen=True)
class Disc:
    """A solid circle in the horizontal plane."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, eq=False)
class Polygon:
    """A solid convex polygon: (k, 2) ``vertices``, counter-clockwise.

    Two vertices stand for the edge of a half-plane that is solid to the left of the way from the first to the second.
    """

    vertices: Array


Outline: TypeAlias = Disc | Polygon


def project(shape: Shape, pose: Transform, low_m: float, high_m: float) -> Outline | None:
    """Outline of the part of a shape with heights in [low, high], or None if there is none.

    Upright cylinders and capsules, and spheres give exact discs, boxes exact polygons, tilted round shapes polygons
    of :data:`ROUND_SIDES` sides. A plane is solid behind its normal; a horizontal one is floor and gives nothing.

    :param pose: (4, 4) of the shape's frame in the frame whose z axis points up.
    :param low_m: lower height; may be ``-inf``.
    :param high_m: upper height, >= ``low_m``; may be ``inf``.
    """
    if isinstance(shape, Plane):
        return _project_plane(shape, pose, low_m, high_m)
    if isinstance(shape, Sphere):
        return _project_round(pose, 0.0, shape.radius, low_m, high_m)
    upright = float(np.hypot(pose[2, 0], pose[2, 1])) < UPRIGHT_TOLERANCE
    if isinstance(shape, Cylinder) and upright:
        bottom, top = height_range(shape, pose)
        apart = bottom > high_m or top < low_m
        return None if apart else Disc(float(pose[0, 3]), float(pose[1, 3]), shape.radius)
    if isinstance(shape, Capsule):
        if upright:
            return _project_round(pose, shape.length / 2.0, shape.radius, low_m, high_m)
        return convex_hull(_capsule_points(shape, pose, low_m, high_m))
    return convex_hull(_clip(*_polyhedron(shape), pose, low_m, high_m))


def height_range(shape: Shape, pose: Transform) -> tuple[float, float]:
    """Lowest and highest point of a shape in the frame of ``pose``; a plane has neither (``-inf``, ``inf``)."""
    if isinstance(shape, Plane):
        return -np.inf, np.inf
    along = abs(float(pose[2, 2]))
    if isinstance(shape, Box):
        reach = float(np.abs(pose[2, :3]) @ np.asarray(shape.size)) / 2.0
    elif isinstance(shape, Sphere):
        reach = shape.radius
    elif isinstance(shape, Capsule):
        reach = along * shape.length / 2.0 + shape.radius
    else:
        reach = along * shape.length / 2.0 + shape.radius * float(np.hypot(pose[2, 0], pose[2, 1]))
    return float(pose[2, 3]) - reach, float(pose[2, 3]) + reach


def collisions(model: Model) -> Iterator[tuple[Collision, Transform]]:
    """Every collision of a model with its pose in the model frame."""
    return ((part, link.pose @ part.pose) for link in model.links for part in link.collisions)


def visuals(model: Model) -> Iterator[tuple[Visual, Transform]]:
    """Every visual of a model with its pose in the model frame."""
    return ((part, link.pose @ part.pose) for link in model.links for part in link.visuals)


def footprint_radius(model: Model) -> float:
    """Radius of the circle about the model frame that encloses the model's collision geometry seen from above, m.

    :raises ValueError: if the model has no bounded collision geometry.
    """
    parts = [(part.shape, pose) for part, pose in collisions(model)]
    if not parts or any(isinstance(shape, Plane) for shape, _ in parts):
        found = ", ".join(type(shape).__name__ for shape, _ in parts) or "none"
        raise ValueError(f"model {model.name!r}: expected bounded collision geometry, found {found}")
    outlines = (project(shape, pose, -np.inf, np.inf) for shape, pose in parts)
    return max(_reach(outline) for outline in outlines if outline is not None)


def _reach(outline: Outline) -> float:
    """Largest distance of an outline's points from the origin."""
    if isinstance(outline, Disc):
        return float(np.hypot(outline.x, outline.y)) + outline.radius
    return float(np.linalg.norm(outline.vertices, axis=1).max())


def convex_hull(points: Array) -> Polygon | None:
    """Convex hull of (n, 2) points; None if they lie on one line."""
    if len(points) < 3:
        return None
    spread = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    if spread[1] < THINNEST_M:
        return None
    return Polygon(points[ConvexHull(points).vertices])  # qhull orders them counter-clockwise in the plane


def _project_round(pose: Transform, half: float, radius: float, low: float, high: float) -> Disc | None:
    """The widest level of an upright capsule (a sphere if ``half`` is 0) within the heights."""
    z = float(pose[2, 3])
    gap = max(0.0, low - (z + half), (z - half) - high)
    if gap >= radius:
        return None
    return Disc(float(pose[0, 3]), float(pose[1, 3]), float(np.sqrt(radius**2 - gap**2)))


def _project_plane(shape: Plane, pose: Transform, low: float, high: float) -> Polygon | None:
    """Solid is where n . (p - origin) <= 0: at every height a half-plane, of which the foremost counts."""
    normal = pose[:3, :3] @ (np.asarray(shape.normal) / np.linalg.norm(shape.normal))
    level = float(np.hypot(normal[0], normal[1]))
    if level < UPRIGHT_TOLERANCE:
        return None
    lean = float(normal[2]) if abs(normal[2]) > UPRIGHT_TOLERANCE else 0.0
    offset = float(normal @ pose[:3, 3]) - (0.0 if lean == 0.0 else min(lean * low, lean * high))
    outward = normal[:2] / level
    along = np.array([-outward[1], outward[0]])  # solid to the left of it
    foot = pose[:2, 3] + outward * (offset / level - outward @ pose[:2, 3])
    return Polygon(foot + np.outer([-PLANE_HALF_LENGTH_M, PLANE_HALF_LENGTH_M], along))


def _capsule_points(shape: Capsule, pose: Transform, low: float, high: float) -> Array:
    """Points whose hull is a tilted capsule's outline: a capsule is its cylinder and the spheres at its ends."""
    clouds = [_clip(*_polyhedron(Cylinder(shape.radius, shape.length)), pose, low, high)]
    for end in (-shape.length / 2.0, shape.length / 2.0):
        centre = pose.copy()
        centre[:3, 3] = apply(pose, np.array([0.0, 0.0, end]))
        disc = _project_round(centre, 0.0, shape.radius, low, high)
        if disc is not None:
            clouds.append(np.array([disc.x, disc.y]) + disc.radius * _circle(ROUND_SIDES))
    return np.concatenate(clouds)


def _polyhedron(shape: Box | Cylinder) -> tuple[Array, npt.NDArray[np.int64]]:
    """Vertices (n, 3) and edges (m, 2) of a prism along z; a cylinder has :data:`ROUND_SIDES` sides."""
    if isinstance(shape, Box):
        ring = np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]]) * np.asarray(shape.size[:2]) / 2.0
        half = shape.size[2] / 2.0
    else:
        ring, half = shape.radius * _circle(ROUND_SIDES), shape.length / 2.0
    count = len(ring)
    vertices = np.concatenate([np.insert(ring, 2, -half, axis=1), np.insert(ring, 2, half, axis=1)])
    here = np.arange(count)
    after = (here + 1) % count
    sides = [(here, here + count), (here, after), (here + count, after + count)]
    return vertices, np.concatenate([np.stack(side, axis=1) for side in sides])


def _clip(vertices: Array, edges: npt.NDArray[np.int64], pose: Transform, low: float, high: float) -> Array:
    """(k, 2) points seen from above whose hull is a convex polyhedron clipped to the heights."""
    points = apply(pose, vertices)
    clouds = [points[(points[:, 2] >= low) & (points[:, 2] <= high), :2]]
    start, end = points[edges[:, 0]], points[edges[:, 1]]
    for height in (low, high):
        crossing = (start[:, 2] - height) * (end[:, 2] - height) < 0.0
        a, b = start[crossing], end[crossing]
        fraction = ((height - a[:, 2]) / (b[:, 2] - a[:, 2]))[:, None]
        clouds.append((a + fraction * (b - a))[:, :2])
    return np.concatenate(clouds)


def _circle(sides: int) -> Array:
    angles = 2.0 * np.pi * np.arange(sides) / sides
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)
