"""The tracker as a ROS 2 node: detections or skeletons in, the same with identities out.

Run it with ``ros2 run dl_robotics tracker`` or ``python -m dl_robotics.nodes.tracker``.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, TypeAlias

import numpy as np
from rclpy.lifecycle import LifecycleState, TransitionCallbackReturn
from rclpy.node import Node
from sensor_msgs.msg import PointCloud2
from vision_msgs.msg import Detection2DArray, LabelInfo

from dl_robotics.messages.detections import decode_objects, encode_detections
from dl_robotics.messages.diagnostics import Level
from dl_robotics.messages.header import decode_header
from dl_robotics.messages.skeletons import decode_skeletons, encode_skeletons
from dl_robotics.messages.tracks import encode_tracks
from dl_robotics.nodes.frame import Frame
from dl_robotics.nodes.health import Health, Silence
from dl_robotics.nodes.inputs import Input
from dl_robotics.nodes.kind import Kind, StageTopics
from dl_robotics.nodes.managed_node import ManagedNode, NodeParameters
from dl_robotics.nodes.models import PartParameters, load_model
from dl_robotics.nodes.outputs import NEWEST_LATCHED, Output
from dl_robotics.nodes.run import run
from dl_robotics.ops.detections import Detections
from dl_robotics.ops.skeleton_layout import SkeletonLayout
from dl_robotics.ops.skeletons import Skeletons
from dl_robotics.parameters import parameter
from dl_robotics.tracking.settings import TrackerSettings
from dl_robotics.tracking.stage import Tracker, names

KIND = "tracker"
DEPTH = 10  # messages that wait: each one counts
Found: TypeAlias = Detections | Skeletons


@dataclass(frozen=True)
class TrackerParameters(TrackerSettings, PartParameters):
    """Parameters of a tracker."""

    PLACE: ClassVar[tuple[str, ...]] = ("layout",)

    layout: str = parameter(
        "", "Joints of the skeletons, a name in config/skeletons or a file; empty: all joints are equally exact."
    )


@dataclass(frozen=True)
class TrackerNodeParameters(TrackerParameters, NodeParameters):
    """Parameters of a tracker that is a node of its own."""


def load(told: TrackerParameters) -> Tracker:
    """The tracker that the parameters describe."""
    return Tracker(told, SkeletonLayout.load(told.layout) if told.layout else None)


class TrackerTopics(StageTopics[Tracker, Found]):
    """``detections`` or ``skeletons``, whichever the stage before gives."""

    def __init__(self, node: Node, prefix: str) -> None:
        super().__init__(node, prefix)
        self.detections = Output(node, f"{prefix}detections", Detection2DArray, encode_detections)
        self.skeletons = Output(node, f"{prefix}skeletons", PointCloud2, encode_skeletons)
        self.outputs = [self.detections, self.skeletons]

    def publish(self, frame: Frame, stage: Tracker, result: Found) -> None:
        """Publish what has a track in a frame."""
        if isinstance(result, Detections):
            self.detections(result, frame.header)
        else:
            self.skeletons(result, frame.header)


def nothing(tracker: Tracker) -> tuple[Detections, int]:
    """A frame without objects."""
    return Detections.none(), 0


TRACKER = Kind(KIND, TrackerParameters, load, TrackerTopics, example=nothing)


class Arrival(NamedTuple):
    """A message, and what it says."""

    message: Any
    stamp_ns: int
    found: Found


class TrackerNode(ManagedNode[TrackerNodeParameters]):
    """Publishes every message of ``detections`` again, with ``id``, and of ``skeletons``, with the tracks' numbers.

    ``label_info``, the names of the detections' classes, comes out as it goes in.
    """

    def __init__(self, **node: Any) -> None:
        super().__init__("tracker", TrackerNodeParameters, **node)
        self.tracker: Tracker | None = None
        self.health = Health()
        self.blocked: Silence | None = None
        self._reported_out = 0
        self.detections = Output(self, "~/detections", Detection2DArray, encode_tracks)
        self.skeletons = Output(self, "~/skeletons", PointCloud2, encode_skeletons)
        self.outputs = [self.detections, self.skeletons]
        self.inputs = [
            Input(self, topic, kind, decode, self._track, reliable=True, depth=DEPTH, optional=True)
            for topic, kind, decode in (
                ("detections", Detection2DArray, decode_boxes),
                ("skeletons", PointCloud2, self._decode_people),
            )
        ]
        names_out = Output(self, "~/label_info", LabelInfo, lambda message: message, NEWEST_LATCHED)
        self.inputs.append(
            Input(self, "label_info", LabelInfo, lambda message: message, names_out, latched=True, optional=True)
        )

    def load(self) -> str:
        """Make the tracker."""
        self.tracker = load_model(load, self.parameters.value)
        return self.parameters.value.place

    def free(self) -> None:
        """Forget it."""
        self.tracker = None

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Begin anew."""
        self.blocked = None
        if self.tracker is not None:
            self.tracker.reset()
        return super().on_activate(state)

    def figures(self) -> Mapping[str, object]:
        """What passed."""
        return self.health.values(self.inputs)

    def idle(self) -> Silence | None:
        """Why the last message came to nothing."""
        out, self._reported_out = self._reported_out, self.health.frames_out
        return None if self.health.frames_out > out else self.blocked or Silence("no frame yet")

    def _decode_people(self, message: Any) -> Arrival:
        stamp_ns, _, skeletons = decode_skeletons(message, self.tracker.num_joints if self.tracker else None)
        return Arrival(message, stamp_ns, skeletons)

    def _track(self, arrival: Arrival) -> None:
        if self.tracker is None:
            return
        self.health.frames_in += 1
        try:
            self._publish(self.tracker, arrival)
        except ValueError as error:  # what a message holds must not end the node
            self.blocked = Silence(f"cannot be tracked: {error}", Level.ERROR)
            self.health.dropped += 1
            return
        self.blocked = None
        self.health.passed((self.get_clock().now().nanoseconds - arrival.stamp_ns) * 1e-9)

    def _publish(self, tracker: Tracker, arrival: Arrival) -> None:
        tracker.settings = self.parameters.value
        if isinstance(arrival.found, Skeletons):
            self.skeletons(tracker(arrival.found, arrival.stamp_ns), arrival.message.header)
            return
        ids = names(tracker.numbers(arrival.found, arrival.stamp_ns))
        kept = [id_ if id_ or tracker.settings.keep_untracked else None for id_ in ids]
        self.detections(arrival.message, kept)


def decode_boxes(message: Any) -> Arrival:
    """Read a ``vision_msgs/Detection2DArray``; its classes, whatever words they are, become numbers."""
    objects = decode_objects(message)
    labels = np.array([zlib.crc32(word.encode()) for word in objects.classes], np.int64)
    stamp_ns, _ = decode_header(message.header)
    return Arrival(message, stamp_ns, Detections(objects.boxes, labels, objects.scores))


def main(args: Sequence[str] | None = None) -> int:
    """Run the node until it is told to end."""
    return run(TrackerNode, args)


if __name__ == "__main__":
    sys.exit(main())
