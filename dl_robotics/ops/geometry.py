"""Rigid transforms as 4x4 matrices, quaternions as (x, y, z, w), planar poses as (x, y, yaw).

Lengths in metres, angles in radians; roll, pitch and yaw turn about the fixed x, y and z axes in this order (as SDF and
URDF have it).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
from scipy.spatial.transform import Rotation

Array: TypeAlias = npt.NDArray[np.float64]
Vector: TypeAlias = Sequence[float] | npt.NDArray[Any]
Angle = TypeVar("Angle", float, Array)


def transform(position: Vector = (0.0, 0.0, 0.0), rpy: Vector = (0.0, 0.0, 0.0)) -> Array:
    """(4, 4) transform of a position and roll, pitch, yaw."""
    return _assemble(position, Rotation.from_euler("xyz", rpy))


def transform_from_quaternion(position: Vector, quaternion: Vector) -> Array:
    """(4, 4) transform of a position and a quaternion (x, y, z, w), which is normalised.

    :raises ValueError: for a quaternion of zero length.
    """
    return _assemble(position, Rotation.from_quat(quaternion))


def transform_from_planar(pose: Vector) -> Array:
    """(4, 4) transform of a planar pose (x, y, yaw) at z = 0."""
    matrix = np.eye(4)
    cos, sin = math.cos(pose[2]), math.sin(pose[2])
    matrix[:2, :2] = (cos, -sin), (sin, cos)
    matrix[:2, 3] = pose[:2]
    return matrix


def transform_onto(direction: Vector) -> Array:
    """(4, 4) transform that turns the z axis onto a direction, by the shortest way."""
    x, y, z = (float(component) / math.hypot(*direction) for component in direction)
    matrix = np.eye(4)
    if z < -1.0 + 1e-12:  # every way down is as short: about x
        matrix[:3, :3] = np.diag([1.0, -1.0, -1.0])
    else:
        matrix[:3, :3] = (
            (1.0 - x * x / (1.0 + z), -x * y / (1.0 + z), x),
            (-x * y / (1.0 + z), 1.0 - y * y / (1.0 + z), y),
            (-x, -y, z),
        )
    return matrix


def planar(matrix: Array) -> tuple[float, float, float]:
    """(x, y, yaw) of a transform."""
    return float(matrix[0, 3]), float(matrix[1, 3]), yaw(matrix)


def yaw(matrix: Array) -> float:
    """Heading of a transform's x axis in the horizontal plane, in (-pi, pi]."""
    return float(np.arctan2(matrix[1, 0], matrix[0, 0]))


def quaternion(matrix: Array) -> Array:
    """(x, y, z, w) of a transform's rotation, with w >= 0.

    Shepperd, "Quaternion from rotation matrix", Journal of Guidance and Control 1978: of four equivalent formulas the
    one that divides by the largest component. Simulated robots ask for it a thousand times a second; scipy's way, which
    also repairs matrices that are no rotations, takes thirty times as long.
    """
    (xx, xy, xz), (yx, yy, yz), (zx, zy, zz) = matrix[:3, :3].tolist()
    four = np.array(  # times x, y, z and w, each times x, y, z, w
        [
            [1.0 + xx - yy - zz, xy + yx, xz + zx, zy - yz],
            [xy + yx, 1.0 - xx + yy - zz, yz + zy, xz - zx],
            [xz + zx, yz + zy, 1.0 - xx - yy + zz, yx - xy],
            [zy - yz, xz - zx, yx - xy, 1.0 + xx + yy + zz],
        ]
    )
    row = four[int(four.diagonal().argmax())]
    return np.asarray(row / math.copysign(math.hypot(*row), row[3]))


def roll_pitch_yaw(matrix: Array) -> Array:
    """(roll, pitch, yaw) of a transform's rotation."""
    return np.asarray(Rotation.from_matrix(matrix[:3, :3]).as_euler("xyz"), dtype=np.float64)


def inverse(matrix: Array) -> Array:
    """Inverse of a rigid transform."""
    result = np.eye(4)
    result[:3, :3] = matrix[:3, :3].T
    result[:3, 3] = -matrix[:3, :3].T @ matrix[:3, 3]
    return result


def apply(matrix: Array, points: Array) -> Array:
    """Points (..., 3) given in the transform's child frame, in its parent frame."""
    return np.asarray(points @ matrix[:3, :3].T + matrix[:3, 3], dtype=np.float64)


def wrap_angle(angle: Angle) -> Angle:
    """An angle in [-pi, pi)."""
    return (angle + np.pi) % (2.0 * np.pi) - np.pi


def _assemble(position: Vector, rotation: Rotation) -> Array:
    matrix = np.eye(4)
    matrix[:3, :3] = rotation.as_matrix()
    matrix[:3, 3] = position
    return matrix
