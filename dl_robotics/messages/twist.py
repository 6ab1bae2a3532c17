"""Velocities: ``geometry_msgs/Twist`` and ``TwistStamped``."""

from __future__ import annotations

from typing import Any, NamedTuple

from geometry_msgs.msg import Twist, TwistStamped

from dl_robotics.messages.header import decode_header, encode_header
from dl_robotics.messages.vectors import decode_vector, encode_vector
from dl_robotics.ops.geometry import Array, Vector


class Velocity(NamedTuple):
    """``linear`` (3,) in m/s and ``angular`` (3,) in rad/s."""

    linear: Array
    angular: Array


class StampedVelocity(NamedTuple):
    """A velocity, when it holds and the frame it is given in."""

    stamp_ns: int
    frame_id: str
    velocity: Velocity


def decode_twist(message: Any, field: str = "") -> Velocity:
    """Velocity of a ``Twist``.

    :param field: where the twist lies in the whole message, with a closing dot, for the error.
    :raises MessageError: for a component that is not finite.
    """
    return Velocity(
        decode_vector(message.linear, f"{field}linear"),
        decode_vector(message.angular, f"{field}angular"),
    )


def encode_twist(linear: Vector, angular: Vector) -> Twist:
    """The ``Twist`` of (3,) m/s and (3,) rad/s.

    :raises MessageError: for a component that is not finite: it would reach the motors.
    """
    return Twist(linear=encode_vector(linear, "linear"), angular=encode_vector(angular, "angular"))


def decode_twist_stamped(message: Any) -> StampedVelocity:
    """Velocity, stamp and frame of a ``TwistStamped``.

    :raises MessageError: as :func:`decode_twist`, and for a stamp that is none.
    """
    return StampedVelocity(*decode_header(message.header), decode_twist(message.twist, "twist."))


def encode_twist_stamped(stamp_ns: int, frame_id: str, linear: Vector, angular: Vector) -> TwistStamped:
    """The ``TwistStamped`` of (3,) m/s and (3,) rad/s in ``frame_id``; errors as :func:`encode_twist`."""
    return TwistStamped(header=encode_header(stamp_ns, frame_id), twist=encode_twist(linear, angular))
