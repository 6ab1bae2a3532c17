"""The detector as a ROS 2 node: an image in, the objects in it out.

Run it with ``ros2 run dl_robotics detector`` or ``python -m dl_robotics.nodes.detector``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rclpy.node import Node
from vision_msgs.msg import Detection2DArray

from dl_robotics.detection.draw import draw_detections
from dl_robotics.detection.model import KIND
from dl_robotics.detection.settings import DetectorSettings, kept
from dl_robotics.detection.stage import Detector
from dl_robotics.messages.detections_wire import serialise_detections
from dl_robotics.nodes.frame import ENCODING, Frame
from dl_robotics.nodes.image_node import ImageNode, ImageNodeParameters
from dl_robotics.nodes.kind import Kind, NamingTopics
from dl_robotics.nodes.models import NetworkParameters
from dl_robotics.nodes.outputs import Output
from dl_robotics.nodes.run import run
from dl_robotics.ops.detections import Detections
from dl_robotics.pipeline import PipelineConfig, StageConfig


@dataclass(frozen=True)
class DetectorParameters(DetectorSettings, NetworkParameters):
    """Parameters of a detector."""


class DetectorTopics(NamingTopics[Detector, Detections]):
    """``detections``, and on request ``annotated`` images."""

    def __init__(self, node: Node, prefix: str) -> None:
        super().__init__(node, prefix)
        self.detections = Output(node, f"{prefix}detections", Detection2DArray, serialise_detections)
        self.annotated = self.annotated_output()
        self.outputs = [self.detections, self.annotated]

    def threshold(self, stage: Detector) -> float:
        """Of the detections' scores."""
        return stage.settings.score_threshold

    def publish(self, frame: Frame, stage: Detector, result: Detections) -> None:
        """Publish the objects in a frame; none are published as an empty array."""
        self.detections(result, frame.header)
        if self.annotated.wanted:
            self.annotated(draw_detections(frame.image, result, stage.classes), ENCODING, frame.header)


def load(told: DetectorParameters) -> Detector:
    """The detector that the parameters name."""
    return Detector.load(told.file, told.device, told.backend)


def fit(detector: Detector, told: DetectorParameters) -> None:
    """Refuse names of classes that the detector does not know."""
    kept(told, detector.classes)


DETECTOR = Kind(KIND, DetectorParameters, load, DetectorTopics, fit)


class DetectorNode(ImageNode[ImageNodeParameters]):
    """Publishes the objects in each image."""

    def __init__(self, **node: Any) -> None:
        super().__init__("detector", ImageNodeParameters, **node)
        self.set_up(PipelineConfig((StageConfig("detector", KIND),)), {KIND: DETECTOR}, alone=True)


def main(args: Sequence[str] | None = None) -> int:
    """Run the node until it is told to end."""
    return run(DetectorNode, args)


if __name__ == "__main__":
    sys.exit(main())
