"""Transforms between frames, heard on ``/tf`` and ``/tf_static``: by tf2 where it is installed, else by our own buffer.

Both raise the errors of :mod:`dl_robotics.messages.transform_errors`, which are tf2's.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from typing import Any, Protocol

from rclpy.clock import JumpThreshold
from rclpy.duration import Duration
from rclpy.node import Node
from rclpy.time import Time
from tf2_msgs.msg import TFMessage

from dl_robotics.messages import transform_errors
from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.transform import TransformData, decode_tf, decode_transform
from dl_robotics.messages.transform_buffer import TransformBuffer
from dl_robotics.nodes.inputs import Input
from dl_robotics.ops.geometry import Array

QUEUE_DEPTH = 100  # as tf2's own listener


class Transforms(Protocol):
    """What a node knows of the frames around it."""

    def lookup(self, target: str, source: str, time_ns: int = 0) -> Array:
        """(4, 4) pose of the frame ``source`` in ``target`` at a time; 0 asks for the latest.

        :raises TransformException: if it is not known.
        """

    def clear(self) -> None:
        """Forget what moves, for a clock that begins anew."""


def listen(node: Node) -> Transforms:
    """Listen for transforms from now on."""
    return Tf2Transforms(node) if importlib.util.find_spec("tf2_ros") else BufferTransforms(node)


class Tf2Transforms:
    """tf2's buffer and listener."""

    def __init__(self, node: Node) -> None:
        self._tf2: Any = importlib.import_module("tf2_ros")
        self._buffer = self._tf2.Buffer(node=node)
        self._listener = self._tf2.TransformListener(self._buffer, node)

    def lookup(self, target: str, source: str, time_ns: int = 0) -> Array:
        """See :class:`Transforms`."""
        try:
            found = self._buffer.lookup_transform(target, source, Time(nanoseconds=time_ns))
        except self._tf2.TransformException as error:
            known = getattr(transform_errors, type(error).__name__, transform_errors.TransformException)
            raise known(str(error)) from error
        return decode_transform(found).transform

    def clear(self) -> None:
        """See :class:`Transforms`."""
        self._buffer.clear()


class BufferTransforms:
    """Our own buffer, fed by subscriptions like those of tf2's listener; cleared when time jumps back."""

    def __init__(self, node: Node) -> None:
        self._buffer = TransformBuffer()
        self._inputs = {
            False: Input(node, "/tf", TFMessage, decode_tf, self._moving, reliable=True, depth=QUEUE_DEPTH),
            True: Input(
                node, "/tf_static", TFMessage, decode_tf, self._static, reliable=True, depth=QUEUE_DEPTH, latched=True
            ),
        }
        for source in self._inputs.values():
            source.open()
        backwards = JumpThreshold(min_forward=None, min_backward=Duration(nanoseconds=-1), on_clock_change=True)
        # The clock holds the callback weakly: without a reference to the handle it would be gone at once.
        self._jumps = node.get_clock().create_jump_callback(backwards, post_callback=lambda _: self.clear())

    def lookup(self, target: str, source: str, time_ns: int = 0) -> Array:
        """See :class:`Transforms`."""
        return self._buffer.lookup(target, source, time_ns)

    def clear(self) -> None:
        """See :class:`Transforms`."""
        self._buffer.clear()

    def _moving(self, heard: tuple[list[TransformData], list[MessageError]]) -> None:
        self._insert(*heard, is_static=False)

    def _static(self, heard: tuple[list[TransformData], list[MessageError]]) -> None:
        self._insert(*heard, is_static=True)

    def _insert(self, transforms: Sequence[TransformData], broken: Sequence[MessageError], is_static: bool) -> None:
        for error in broken:
            self._inputs[is_static].refuse(error)
        for data in transforms:
            try:
                self._buffer.set_transform(data, is_static)
            except transform_errors.InvalidArgumentException as refused:
                self._inputs[is_static].refuse(refused)
