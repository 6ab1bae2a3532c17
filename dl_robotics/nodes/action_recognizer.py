"""The recogniser of activities as a ROS 2 node: people's joints in, what they are doing out.

Run it with ``ros2 run dl_robotics action_recognizer`` or ``python -m dl_robotics.nodes.action_recognizer``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from rclpy.node import Node
from vision_msgs.msg import Detection2DArray

from dl_robotics.action.draw import draw_activities
from dl_robotics.action.forms import check
from dl_robotics.action.model import KIND
from dl_robotics.action.settings import RecogniserSettings
from dl_robotics.action.stage import ActionRecogniser
from dl_robotics.messages.activities import encode_activities
from dl_robotics.nodes.frame import ENCODING, Frame
from dl_robotics.nodes.kind import Kind, NamingTopics
from dl_robotics.nodes.managed_node import NodeParameters
from dl_robotics.nodes.models import NetworkParameters
from dl_robotics.nodes.outputs import Output
from dl_robotics.nodes.run import run
from dl_robotics.nodes.skeleton_node import SKELETONS, SkeletonNode
from dl_robotics.ops.activities import Activities
from dl_robotics.ops.skeletons import Skeletons
from dl_robotics.pipeline import STAMP, PipelineConfig, StageConfig


@dataclass(frozen=True)
class RecogniserParameters(RecogniserSettings, NetworkParameters):
    """Parameters of a recogniser."""


class ActivityTopics(NamingTopics[ActionRecogniser, Activities]):
    """``activities``: of each person box, track and activity."""

    def __init__(self, node: Node, prefix: str) -> None:
        super().__init__(node, prefix)
        self.activities = Output(node, f"{prefix}activities", Detection2DArray, encode_activities)
        self.outputs = [self.activities]

    def threshold(self, stage: ActionRecogniser) -> float:
        """Of an activity's probability, below which it is unknown."""
        return stage.settings.min_confidence

    def publish(self, frame: Frame, stage: ActionRecogniser, result: Activities) -> None:
        """Publish what the people of a frame are doing; if nobody is there, an empty array."""
        self.activities(result, frame.header)


class DrawnActivityTopics(ActivityTopics):
    """The same where images come, and on request ``annotated`` images."""

    def __init__(self, node: Node, prefix: str) -> None:
        super().__init__(node, prefix)
        self.annotated = self.annotated_output()
        self.outputs = [self.activities, self.annotated]

    def publish(self, frame: Frame, stage: ActionRecogniser, result: Activities) -> None:
        """Publish what the people of an image are doing."""
        super().publish(frame, stage, result)
        if self.annotated.wanted:
            drawn = draw_activities(frame.image, result, stage.classes, stage.config.skeleton)
            self.annotated(drawn, ENCODING, frame.header)


def load(told: RecogniserParameters) -> ActionRecogniser:
    """The recogniser that the parameters name."""
    recogniser = ActionRecogniser.load(told.file, told.device, told.backend)
    recogniser.settings = told
    return recogniser


def fit(recogniser: ActionRecogniser, told: RecogniserParameters) -> None:
    """Refuse settings that the model does not allow."""
    check(told, recogniser.config)


def a_frame(recogniser: ActionRecogniser) -> tuple[Skeletons, int]:
    """A person who is seen for the first time."""
    joints = np.random.default_rng(0).random((1, len(recogniser.config.skeleton.joints), 3), np.float32)
    return Skeletons(joints, np.ones(joints.shape[:2], np.float32), np.zeros(1, np.int64)), 0


ACTION = Kind(KIND, RecogniserParameters, load, DrawnActivityTopics, fit, a_frame)


class ActionRecognizer(SkeletonNode[NodeParameters]):
    """Publishes what people are doing, from joints that any node may have found."""

    def __init__(self, **node: Any) -> None:
        super().__init__("action_recognizer", NodeParameters, **node)
        takes = (SKELETONS, STAMP)
        pipeline = PipelineConfig((StageConfig("recogniser", KIND, takes),), takes)
        self.set_up(pipeline, {KIND: replace(ACTION, topics=ActivityTopics)}, alone=True)


def main(args: Sequence[str] | None = None) -> int:
    """Run the node until it is told to end."""
    return run(ActionRecognizer, args)


if __name__ == "__main__":
    sys.exit(main())
