"""The pose estimator as a ROS 2 node: an image in, people's joints out.

Run it with ``ros2 run dl_robotics pose_estimator`` or ``python -m dl_robotics.nodes.pose_estimator``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rclpy.node import Node
from sensor_msgs.msg import PointCloud2

from dl_robotics.config import require
from dl_robotics.inference.tflite import AUTO, TFLITE_BACKENDS
from dl_robotics.messages.skeletons import encode_skeletons
from dl_robotics.nodes.frame import ENCODING, Frame
from dl_robotics.nodes.image_node import ImageNode, ImageNodeParameters
from dl_robotics.nodes.kind import Kind, StageTopics
from dl_robotics.nodes.models import PartParameters
from dl_robotics.nodes.outputs import Output
from dl_robotics.nodes.run import run
from dl_robotics.ops.draw_skeletons import draw_skeletons
from dl_robotics.ops.skeletons import Skeletons
from dl_robotics.parameters import parameter
from dl_robotics.pipeline import PipelineConfig, StageConfig
from dl_robotics.pose.settings import PoseSettings
from dl_robotics.pose.stage import PoseEstimator

KIND = "pose"


@dataclass(frozen=True)
class PoseParameters(PoseSettings, PartParameters):
    """Parameters of a pose estimator."""

    PLACE: ClassVar[tuple[str, ...]] = ("folder", "backend")

    folder: str = parameter("", "Folder with BlazePose's networks; empty for that which the command 'fetch' fills.")
    backend: str = parameter(
        AUTO, f"What runs the networks, one of {', '.join(TFLITE_BACKENDS)}; auto measures them and takes the fastest."
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        require(self.backend in TFLITE_BACKENDS, "backend", f"one of {', '.join(TFLITE_BACKENDS)}", self.backend)

    @property
    def place(self) -> str:
        """Models and backend in words."""
        return f"BlazePose with {self.backend!r}" + (f" from {self.folder!r}" if self.folder else "")


class PoseTopics(StageTopics[PoseEstimator, Skeletons]):
    """``skeletons``, and on request ``annotated`` images."""

    def __init__(self, node: Node, prefix: str) -> None:
        super().__init__(node, prefix)
        self.skeletons = Output(node, f"{prefix}skeletons", PointCloud2, encode_skeletons)
        self.annotated = self.annotated_output()
        self.outputs = [self.skeletons, self.annotated]

    def publish(self, frame: Frame, stage: PoseEstimator, result: Skeletons) -> None:
        """Publish the people in an image; if there are none, a message without points."""
        self.skeletons(result, frame.header)
        if self.annotated.wanted:
            self.annotated(draw_skeletons(frame.image, result, stage.layout), ENCODING, frame.header)


def load(told: PoseParameters) -> PoseEstimator:
    """The pose estimator that the parameters describe."""
    return PoseEstimator.load(told.folder, backend=told.backend)


POSE = Kind(KIND, PoseParameters, load, PoseTopics)


class PoseEstimatorNode(ImageNode[ImageNodeParameters]):
    """Publishes the joints of the people in each image."""

    def __init__(self, **node: Any) -> None:
        super().__init__("pose_estimator", ImageNodeParameters, **node)
        self.set_up(PipelineConfig((StageConfig("pose", KIND),)), {KIND: POSE}, alone=True)


def main(args: Sequence[str] | None = None) -> int:
    """Run the node until it is told to end."""
    return run(PoseEstimatorNode, args)


if __name__ == "__main__":
    sys.exit(main())
