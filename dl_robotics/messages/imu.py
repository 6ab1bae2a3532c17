"""Inertial measurements: ``sensor_msgs/Imu``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from geometry_msgs.msg import Quaternion, Vector3
from sensor_msgs.msg import Imu as ImuMessage

from dl_robotics.messages.header import decode_header, encode_header
from dl_robotics.messages.vectors import decode_quaternion, decode_vector, encode_quaternion, encode_vector
from dl_robotics.ops.geometry import Array

_KNOWN = np.zeros(9)
_ABSENT = np.array([-1.0] + [0.0] * 8)  # the message's own sign for "no estimate": -1 first in the covariance


@dataclass(frozen=True, eq=False)
class Imu:
    """What an inertial unit measures, in ``frame_id``; what it does not measure is None.

    :param orientation: (4,) unit quaternion x, y, z, w.
    :param angular_velocity: (3,) rad/s.
    :param linear_acceleration: (3,) m/s^2, gravity's reaction included.
    """

    stamp_ns: int
    frame_id: str
    orientation: Array | None
    angular_velocity: Array | None
    linear_acceleration: Array | None


def decode_imu(message: Any) -> Imu:
    """Read a ``sensor_msgs/Imu``.

    :raises MessageError: for a component that is not finite, or an orientation whose length is not 1.
    """
    return Imu(
        *decode_header(message.header),
        orientation=_decode(message, "orientation", decode_quaternion),
        angular_velocity=_decode(message, "angular_velocity", decode_vector),
        linear_acceleration=_decode(message, "linear_acceleration", decode_vector),
    )


def encode_imu(imu: Imu) -> ImuMessage:
    """The ``sensor_msgs/Imu`` of a measurement; known covariances are written as 0, which means unknown."""
    orientation, angular, acceleration = imu.orientation, imu.angular_velocity, imu.linear_acceleration
    return ImuMessage(
        header=encode_header(imu.stamp_ns, imu.frame_id),
        orientation=Quaternion() if orientation is None else encode_quaternion(orientation),
        orientation_covariance=_covariance(orientation),
        angular_velocity=Vector3() if angular is None else encode_vector(angular, "angular_velocity"),
        angular_velocity_covariance=_covariance(angular),
        linear_acceleration=Vector3() if acceleration is None else encode_vector(acceleration, "linear_acceleration"),
        linear_acceleration_covariance=_covariance(acceleration),
    )


def _decode(message: Any, field: str, decode: Callable[[Any, str], Array]) -> Array | None:
    if getattr(message, f"{field}_covariance")[0] == -1.0:
        return None
    return decode(getattr(message, field), field)


def _covariance(estimate: Array | None) -> Array:
    return (_ABSENT if estimate is None else _KNOWN).copy()
