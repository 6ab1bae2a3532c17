"""Vectors and quaternions: the groups of fields that geometry is made of."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from geometry_msgs.msg import Point, Quaternion, Vector3

from dl_robotics.messages.errors import check
from dl_robotics.ops.geometry import Array, Vector

_NORM_TOLERANCE = 1e-2  # tf2 allows about as much: 0.01 of the squared length


def decode_vector(message: Any, field: str) -> Array:
    """(3,) of a ``Vector3`` or ``Point``.

    :param field: its dotted name in the whole message, for the error.
    :raises MessageError: for a component that is not finite.
    """
    return _finite((message.x, message.y, message.z), field)


def decode_quaternion(message: Any, field: str) -> Array:
    """(4,) unit quaternion x, y, z, w of a ``Quaternion``.

    :raises MessageError: for a component that is not finite, or a length that is not 1.
    """
    quaternion = _finite((message.x, message.y, message.z, message.w), field)
    norm = math.hypot(*quaternion)
    check(abs(norm - 1.0) <= _NORM_TOLERANCE, field, "a quaternion of length 1", quaternion.tolist())
    return quaternion / norm


def encode_vector(vector: Vector, field: str = "vector") -> Vector3:
    """The ``Vector3`` of (3,)."""
    x, y, z = _finite(vector, field).tolist()
    return Vector3(x=x, y=y, z=z)


def encode_point(vector: Vector, field: str = "position") -> Point:
    """The ``Point`` of (3,)."""
    x, y, z = _finite(vector, field).tolist()
    return Point(x=x, y=y, z=z)


def encode_quaternion(quaternion: Vector, field: str = "orientation") -> Quaternion:
    """The ``Quaternion`` of (4,) x, y, z, w."""
    x, y, z, w = _finite(quaternion, field).tolist()
    return Quaternion(x=x, y=y, z=z, w=w)


def _finite(components: Vector, field: str) -> Array:
    for axis, component in zip("xyzw", components, strict=False):
        check(math.isfinite(component), f"{field}.{axis}", "a finite number", float(component))
    return np.asarray(components, dtype=np.float64)
