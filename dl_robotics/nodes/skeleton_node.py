"""Stages on a topic of people's joints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sensor_msgs.msg import PointCloud2

from dl_robotics.messages.skeletons import decode_skeletons
from dl_robotics.nodes.frame import Frame
from dl_robotics.nodes.frame_node import FrameNode
from dl_robotics.nodes.inputs import Input
from dl_robotics.nodes.managed_node import NodeParameters

SKELETONS = "skeletons"  # what stages take, and the topic

P = TypeVar("P", bound=NodeParameters)


class SkeletonNode(FrameNode[P]):
    """Runs a pipeline on everything that comes on ``skeletons``."""

    def __init__(self, name: str, parameters: type[P], **node: Any) -> None:
        super().__init__(name, parameters, SKELETONS, **node)

    def make_source(self, use: Callable[[Frame], None]) -> Input[Frame]:
        """The topic ``skeletons``."""
        return Input(self, SKELETONS, PointCloud2, frame_of_skeletons, use)


def frame_of_skeletons(message: Any) -> Frame:
    """The frame of a ``sensor_msgs/PointCloud2`` of joints."""
    return Frame(message.header, lambda: decode_skeletons(message).skeletons, SKELETONS)
