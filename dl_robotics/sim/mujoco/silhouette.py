"""Where geoms would be seen if nothing stood before them."""

from __future__ import annotations

import math
from typing import Any

import mujoco
import numpy as np
import numpy.typing as npt

from dl_robotics.sim.mujoco.frames import Array

Geom = mujoco.mjtGeom
POINTS = 24  # on each geom's surface
NEAR_M = 0.02  # what is nearer, or behind the camera, counts as this far ahead: far out of the image


def _sphere(count: int) -> Array:
    """(count, 3) directions spread evenly (the spiral of Fibonacci)."""
    turn = math.pi * (3.0 - math.sqrt(5.0)) * np.arange(count)
    z = 1.0 - (2.0 * np.arange(count) + 1.0) / count
    level = np.sqrt(1.0 - z**2)
    return np.stack([level * np.cos(turn), level * np.sin(turn), z], axis=1)


def _surface_points() -> tuple[Array, Array]:
    """(types, POINTS, 3) points of unit geoms, and (types, POINTS) how far each moves along z per unit of length."""
    radial, axial = np.zeros((Geom.mjNGEOMTYPES, POINTS, 3)), np.zeros((Geom.mjNGEOMTYPES, POINTS))
    corners = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=np.float64)
    angles = np.arange(POINTS // 2) * 4.0 * math.pi / POINTS
    rim = np.stack([np.cos(angles), np.sin(angles), np.zeros(POINTS // 2)], axis=1)
    ends = np.repeat([-1.0, 1.0], POINTS // 2)
    radial[Geom.mjGEOM_BOX] = np.tile(corners, (POINTS // 8, 1))
    radial[Geom.mjGEOM_SPHERE] = _sphere(POINTS)
    radial[Geom.mjGEOM_CYLINDER] = np.tile(rim, (2, 1))
    radial[Geom.mjGEOM_CAPSULE] = np.tile(_sphere(POINTS // 2), (2, 1))
    axial[Geom.mjGEOM_CYLINDER] = axial[Geom.mjGEOM_CAPSULE] = ends
    return radial, axial


RADIAL, AXIAL = _surface_points()


def silhouettes(model: Any, data: Any, camera: int, geoms: npt.NDArray[np.int64], width: int, height: int) -> Array:
    """(k, 4) boxes in pixels, within the image, around (k,) geoms; planes have none.

    Round geoms are sampled at :data:`POINTS` points: their boxes are up to a tenth too small. Those of geoms that
    leave the image may be too large.
    """
    local = _local_points(model.geom_type[geoms], model.geom_size[geoms])
    world = data.geom_xpos[geoms, None] + local @ data.geom_xmat[geoms].reshape(-1, 3, 3).transpose(0, 2, 1)
    seen = (world - data.cam_xpos[camera]) @ data.cam_xmat[camera].reshape(3, 3)  # x right, y up, looking along -z
    focal = height / 2.0 / math.tan(math.radians(model.cam_fovy[camera]) / 2.0)
    scale = focal / np.maximum(-seen[..., 2], NEAR_M)
    columns = np.clip(width / 2.0 + scale * seen[..., 0], 0.0, width)
    rows = np.clip(height / 2.0 - scale * seen[..., 1], 0.0, height)
    edges = (columns.min(axis=1), rows.min(axis=1), columns.max(axis=1), rows.max(axis=1))
    return np.stack(edges, axis=1)


def _local_points(types: npt.NDArray[np.int32], sizes: Array) -> Array:
    """(k, POINTS, 3) points of geoms in their own frames."""
    is_box = (types == Geom.mjGEOM_BOX)[:, None]
    points: Array = RADIAL[types] * np.where(is_box, sizes, sizes[:, :1])[:, None]
    points[..., 2] += AXIAL[types] * sizes[:, 1:2]
    return points


def merged(boxes: Array, owners: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.float32]:
    """(count, 4) boxes around all boxes (k, 4) of each owner (k,); zeros for an owner of none."""
    low, high = np.full((count, 2), np.inf), np.full((count, 2), -np.inf)
    np.minimum.at(low, owners, boxes[:, :2])
    np.maximum.at(high, owners, boxes[:, 2:])
    whole = np.hstack([low, high])
    whole[~np.isfinite(whole).all(axis=1)] = 0.0
    return whole.astype(np.float32)
