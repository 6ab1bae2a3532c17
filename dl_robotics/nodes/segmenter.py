"""The segmenter as a ROS 2 node: an image in, the class of every pixel out.

Run it with ``ros2 run dl_robotics segmenter`` or ``python -m dl_robotics.nodes.segmenter``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rclpy.node import Node
from sensor_msgs.msg import Image

from dl_robotics.messages.image import encode_image
from dl_robotics.nodes.frame import ENCODING, Frame
from dl_robotics.nodes.image_node import ImageNode, ImageNodeParameters
from dl_robotics.nodes.kind import Kind, NamingTopics
from dl_robotics.nodes.models import NetworkParameters
from dl_robotics.nodes.outputs import IMAGES, Output
from dl_robotics.nodes.run import run
from dl_robotics.pipeline import PipelineConfig, StageConfig
from dl_robotics.segmentation.draw import draw_segmentation
from dl_robotics.segmentation.model import KIND
from dl_robotics.segmentation.settings import SegmenterSettings
from dl_robotics.segmentation.stage import Segmentation, Segmenter

GREY = "mono8"


@dataclass(frozen=True)
class SegmenterParameters(SegmenterSettings, NetworkParameters):
    """Parameters of a segmenter."""


class SegmenterTopics(NamingTopics[Segmenter, Segmentation]):
    """``segmentation``, class ids; ``confidence``, 255 where it is sure; and on request ``annotated`` images."""

    def __init__(self, node: Node, prefix: str) -> None:
        super().__init__(node, prefix)
        self.ids = Output(node, f"{prefix}segmentation", Image, encode_image, IMAGES)
        self.confidence = Output(node, f"{prefix}confidence", Image, encode_image, IMAGES)
        self.annotated = self.annotated_output()
        self.outputs = [self.ids, self.confidence, self.annotated]

    def threshold(self, stage: Segmenter) -> float:
        """Of the pixels' confidence, below which they have no class."""
        return stage.settings.min_confidence

    def publish(self, frame: Frame, stage: Segmenter, result: Segmentation) -> None:
        """Publish what each pixel of a frame shows."""
        self.ids(result.ids, GREY, frame.header)
        self.confidence(result.confidence, GREY, frame.header)
        if self.annotated.wanted:
            self.annotated(draw_segmentation(frame.image, result.ids, stage.classes), ENCODING, frame.header)


def load(told: SegmenterParameters) -> Segmenter:
    """The segmenter that the parameters name."""
    return Segmenter.load(told.file, told.device, told.backend)


SEGMENTER = Kind(KIND, SegmenterParameters, load, SegmenterTopics)


class SegmenterNode(ImageNode[ImageNodeParameters]):
    """Publishes the class of every pixel of each image."""

    def __init__(self, **node: Any) -> None:
        super().__init__("segmenter", ImageNodeParameters, **node)
        self.set_up(PipelineConfig((StageConfig("segmenter", KIND),)), {KIND: SEGMENTER}, alone=True)


def main(args: Sequence[str] | None = None) -> int:
    """Run the node until it is told to end."""
    return run(SegmenterNode, args)


if __name__ == "__main__":
    sys.exit(main())
