"""Poses as 4x4 transforms: ``geometry_msgs/Pose`` and ``PoseStamped``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from geometry_msgs.msg import Pose, PoseStamped

from dl_robotics.messages.header import decode_header, encode_header
from dl_robotics.messages.vectors import decode_quaternion, decode_vector, encode_point, encode_quaternion
from dl_robotics.ops import geometry
from dl_robotics.ops.geometry import Array


@dataclass(frozen=True, eq=False)
class StampedPose:
    """A pose, (4, 4) in the frame ``frame_id``, e.g. a goal."""

    stamp_ns: int
    frame_id: str
    pose: Array


def decode_pose(message: Any, field: str = "pose") -> Array:
    """(4, 4) of a ``Pose``.

    :param field: where the pose lies in the whole message, for the error.
    :raises MessageError: for a component that is not finite, or a quaternion whose length is not 1.
    """
    return geometry.transform_from_quaternion(
        decode_vector(message.position, f"{field}.position"),
        decode_quaternion(message.orientation, f"{field}.orientation"),
    )


def encode_pose(pose: Array) -> Pose:
    """The ``Pose`` of (4, 4)."""
    return Pose(position=encode_point(pose[:3, 3]), orientation=encode_quaternion(geometry.quaternion(pose)))


def decode_pose_stamped(message: Any) -> StampedPose:
    """Pose, stamp and frame of a ``PoseStamped``; errors as :func:`decode_pose`."""
    return StampedPose(*decode_header(message.header), decode_pose(message.pose))


def encode_pose_stamped(pose: StampedPose) -> PoseStamped:
    """The ``PoseStamped`` of a pose."""
    return PoseStamped(header=encode_header(pose.stamp_ns, pose.frame_id), pose=encode_pose(pose.pose))
