"""Shapes as MuJoCo geoms, and the groups that say who sees them."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import mujoco
import numpy as np
import numpy.typing as npt

from dl_robotics.ops.geometry import transform_onto
from dl_robotics.sim.mujoco.frames import frame
from dl_robotics.sim.world import Box, Capsule, Cylinder, Plane, Shape, Sphere, Transform

INFINITE = (0.0, 0.0)  # MuJoCo's size of an unbounded plane
GRID_M = 1.0  # spacing of the grid that an unbounded plane is drawn with


class Group(IntEnum):
    """Geom groups, from which rays and cameras choose by a mask."""

    WORLD_VISUAL = 0
    WORLD_COLLISION = 1
    ROBOT_VISUAL = 2
    ROBOT_COLLISION = 3


def mask(*groups: Group) -> npt.NDArray[np.uint8]:
    """(6,) of zeros with ones for the groups given."""
    result = np.zeros(mujoco.mjNGROUP, dtype=np.uint8)
    result[list(groups)] = 1
    return result


def add_geom(body: Any, shape: Shape, pose: Transform, bounded: bool, **attributes: Any) -> Any:
    """Add a shape to a body.

    :param body: the ``MjsBody``.
    :param pose: of the shape's frame in the body frame.
    :param bounded: whether a plane ends at its ``size`` (what is seen) or never (what is solid).
    :param attributes: further fields of the ``MjsGeom``.
    """
    kind, size = type_and_size(shape, bounded)
    if isinstance(shape, Plane):
        pose = pose @ transform_onto(shape.normal)
    return body.add_geom(type=kind, size=size, **frame(pose), **attributes)


def type_and_size(shape: Shape, bounded: bool) -> tuple[mujoco.mjtGeom, tuple[float, float, float]]:
    """MuJoCo's kind of geom and its half sizes.

    :param bounded: as in :func:`add_geom`.
    """
    if isinstance(shape, Box):
        x, y, z = shape.size
        return mujoco.mjtGeom.mjGEOM_BOX, (x / 2.0, y / 2.0, z / 2.0)
    if isinstance(shape, Sphere):
        return mujoco.mjtGeom.mjGEOM_SPHERE, (shape.radius, 0.0, 0.0)
    if isinstance(shape, Cylinder):
        return mujoco.mjtGeom.mjGEOM_CYLINDER, (shape.radius, shape.length / 2.0, 0.0)
    if isinstance(shape, Capsule):
        return mujoco.mjtGeom.mjGEOM_CAPSULE, (shape.radius, shape.length / 2.0, 0.0)
    width, height = (shape.size[0] / 2.0, shape.size[1] / 2.0) if bounded else INFINITE
    return mujoco.mjtGeom.mjGEOM_PLANE, (width, height, GRID_M)
