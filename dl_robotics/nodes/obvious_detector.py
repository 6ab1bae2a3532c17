"""The detector as it is often written, for the benchmark to measure beside ours; not for use.

Pixels are copied as Python lists, the annotated image is always drawn and published, and a queue of ten images waits.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node
from sensor_msgs.msg import Image
from vision_msgs.msg import BoundingBox2D, Detection2D, Detection2DArray, ObjectHypothesis, ObjectHypothesisWithPose

from dl_robotics.detection.draw import draw_detections
from dl_robotics.detection.stage import Detector
from dl_robotics.messages.diagnostics import Level
from dl_robotics.nodes.detector import DETECTOR, DetectorParameters
from dl_robotics.nodes.health import Health, Reporter
from dl_robotics.nodes.parameters import Parameters
from dl_robotics.ops.detections import Detections


class ObviousDetector(Node):
    """Publishes what our detector does, the obvious way."""

    def __init__(self, **node: Any) -> None:
        super().__init__("obvious_detector", **node)
        self._stage: Detector = DETECTOR.make(Parameters(self, DetectorParameters).value)
        self._health = Health()
        self._reporter = Reporter(self, self._report, lambda: {"detector": self._report()})
        self._detections = self.create_publisher(Detection2DArray, "~/detections", 10)
        self._annotated = self.create_publisher(Image, "~/annotated", 10)
        self.create_subscription(Image, "image", self._on_image, 10)

    def _on_image(self, message: Image) -> None:
        image = np.array(list(message.data), dtype=np.uint8).reshape(message.height, message.width, 3)
        begin_s = time.perf_counter()
        found = self._stage(image)
        self._health.passed(0.0, time.perf_counter() - begin_s)
        answer = Detection2DArray(header=message.header)
        answer.detections = [_message(message, found, index) for index in range(len(found))]
        self._detections.publish(answer)
        message.data = draw_detections(image, found, self._stage.classes).flatten().tolist()
        self._annotated.publish(message)

    def _report(self) -> tuple[Level, str, Mapping[str, object]]:
        return Level.OK, "publishing", self._health.values()


def _message(message: Image, found: Detections, index: int) -> Detection2D:
    left, top, right, bottom = (float(side) for side in found.boxes[index])
    box = BoundingBox2D(size_x=right - left, size_y=bottom - top)
    box.center.position.x, box.center.position.y = (left + right) / 2.0, (top + bottom) / 2.0
    hypothesis = ObjectHypothesis(class_id=str(found.labels[index]), score=float(found.scores[index]))
    return Detection2D(header=message.header, bbox=box, results=[ObjectHypothesisWithPose(hypothesis=hypothesis)])


def main(args: Sequence[str] | None = None) -> int:
    """Run the node until it is told to end."""
    with rclpy.init(args=None if args is None else list(args)):
        node = ObviousDetector()
        with contextlib.suppress(KeyboardInterrupt, ExternalShutdownException):
            rclpy.spin(node)
        node.destroy_node()
    return 0


if __name__ == "__main__":
    sys.exit(main())
