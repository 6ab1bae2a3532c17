"""Odometry: ``nav_msgs/Odometry``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from geometry_msgs.msg import PoseWithCovariance, TwistWithCovariance
from nav_msgs.msg import Odometry as OdometryMessage

from dl_robotics.messages.header import decode_header, encode_header
from dl_robotics.messages.pose import decode_pose, encode_pose
from dl_robotics.messages.twist import decode_twist, encode_twist
from dl_robotics.ops.geometry import Array


@dataclass(frozen=True, eq=False)
class Odometry:
    """Where a robot is and how it moves. Covariances are not carried: they are written as 0, which means unknown.

    :param pose: (4, 4) of ``child_frame_id`` in ``frame_id``.
    :param linear: (3,) m/s in ``child_frame_id``.
    :param angular: (3,) rad/s in ``child_frame_id``.
    """

    stamp_ns: int
    frame_id: str
    child_frame_id: str
    pose: Array
    linear: Array
    angular: Array


def decode_odometry(message: Any) -> Odometry:
    """Read a ``nav_msgs/Odometry``.

    :raises MessageError: for a component that is not finite, or a quaternion whose length is not 1.
    """
    pose = decode_pose(message.pose.pose, "pose.pose")
    velocity = decode_twist(message.twist.twist, "twist.twist.")
    return Odometry(*decode_header(message.header), str(message.child_frame_id), pose, *velocity)


def encode_odometry(odometry: Odometry) -> OdometryMessage:
    """The ``nav_msgs/Odometry`` of an odometry; errors as :func:`decode_odometry`."""
    return OdometryMessage(
        header=encode_header(odometry.stamp_ns, odometry.frame_id),
        child_frame_id=odometry.child_frame_id,
        pose=PoseWithCovariance(pose=encode_pose(odometry.pose)),
        twist=TwistWithCovariance(twist=encode_twist(odometry.linear, odometry.angular)),
    )
