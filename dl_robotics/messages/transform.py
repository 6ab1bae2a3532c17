"""Coordinate frames: ``geometry_msgs/TransformStamped`` and ``tf2_msgs/TFMessage``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from geometry_msgs.msg import Transform, TransformStamped
from tf2_msgs.msg import TFMessage

from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.header import decode_stamp, encode_header
from dl_robotics.messages.vectors import decode_quaternion, decode_vector, encode_quaternion, encode_vector
from dl_robotics.ops import geometry
from dl_robotics.ops.geometry import Array


@dataclass(frozen=True, eq=False)
class TransformData:
    """Pose of the frame ``child_frame_id`` in ``frame_id`` at a time, (4, 4): takes the child to the parent."""

    stamp_ns: int
    frame_id: str
    child_frame_id: str
    transform: Array


def decode_transform(message: Any, field: str = "") -> TransformData:
    """Read a ``TransformStamped``.

    :param field: where it lies in the whole message, with a closing dot, for the error.
    :raises MessageError: for a component that is not finite, or a quaternion whose length is not 1.
    """
    translation = decode_vector(message.transform.translation, f"{field}transform.translation")
    rotation = decode_quaternion(message.transform.rotation, f"{field}transform.rotation")
    return TransformData(
        decode_stamp(message.header.stamp, f"{field}header.stamp"),
        str(message.header.frame_id),
        str(message.child_frame_id),
        geometry.transform_from_quaternion(translation, rotation),
    )


def encode_transform(data: TransformData) -> TransformStamped:
    """The ``TransformStamped`` of a transform."""
    return TransformStamped(
        header=encode_header(data.stamp_ns, data.frame_id),
        child_frame_id=data.child_frame_id,
        transform=Transform(
            translation=encode_vector(data.transform[:3, 3], "translation"),
            rotation=encode_quaternion(geometry.quaternion(data.transform), "rotation"),
        ),
    )


def decode_tf(message: Any) -> tuple[list[TransformData], list[MessageError]]:
    """The transforms of a ``TFMessage`` that can be used, and why the others cannot.

    A message holds the transforms of unrelated publishers' frames: one broken transform does not spoil the rest.
    """
    transforms, errors = [], []
    for index, transform in enumerate(message.transforms):
        try:
            transforms.append(decode_transform(transform, f"transforms[{index}]."))
        except MessageError as error:
            errors.append(error)
    return transforms, errors


def encode_tf(transforms: Iterable[TransformData]) -> TFMessage:
    """The ``TFMessage`` of some transforms."""
    return TFMessage(transforms=[encode_transform(data) for data in transforms])
