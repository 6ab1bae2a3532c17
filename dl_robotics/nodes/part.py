"""One stage of a node: its model, its topics and its figures."""

from __future__ import annotations

import time
from typing import Any, Generic, TypeVar

from rclpy.node import Node

from dl_robotics.messages.diagnostics import Level
from dl_robotics.nodes.frame import Frame
from dl_robotics.nodes.health import Health, Report, Silence
from dl_robotics.nodes.hot_model import HotModel
from dl_robotics.nodes.kind import Kind, LiveStage
from dl_robotics.nodes.models import PartParameters
from dl_robotics.nodes.newest import Newest
from dl_robotics.pipeline import StageConfig

P = TypeVar("P", bound=PartParameters)
S = TypeVar("S", bound=LiveStage)
R = TypeVar("R")


class Part(Generic[P, S, R]):
    """A stage that a node runs in one of its threads.

    :param prefix: stands before the names of its topics and parameters, e.g. ``detector``; may be empty.
    :param lane: that thread.
    """

    def __init__(self, node: Node, config: StageConfig, kind: Kind[P, S, R], prefix: str, lane: Newest[Frame]) -> None:
        self._node, self.name, self._lane = node, config.name, lane
        topics = f"~/{prefix}/" if prefix else "~/"
        self.topics = kind.topics(node, topics)
        self.model = HotModel(
            node,
            kind,
            config.settings,
            prefix=f"{prefix}." if prefix else "",
            service=f"{topics}load",
            between_frames=lane.submit,
            changed=self.topics.introduce,
        )
        self.health = Health()
        self.blocked: Silence | None = None
        self._stage: S | None = None
        self._own_s = 0.0
        self._reported_out = 0

    def __call__(self, *inputs: Any) -> R | None:
        """Run the stage; None if it cannot process this, or there is none."""
        self._stage = self.model.stage
        if self._stage is None:
            return None
        self.health.frames_in += 1
        begin_s = time.perf_counter()
        try:
            result: R = self._stage(*inputs)
        except (ValueError, ArithmeticError) as error:  # what a frame holds must not end the node
            self._block(error)
            return None
        self._own_s = time.perf_counter() - begin_s
        return result

    def publish(self, frame: Frame, result: R) -> None:
        """Publish what the stage has just found."""
        if self._stage is None:
            return
        try:
            self.topics.publish(frame, self._stage, result)
        except ValueError as error:  # what fits no message
            self._block(error)
            return
        self.blocked = None
        age_ns = self._node.get_clock().now().nanoseconds - frame.stamp_ns
        self.health.passed(age_ns * 1e-9, self._own_s)

    def begin(self) -> None:
        """Begin anew, as if nothing had been seen."""
        self.blocked = None
        if self.model.stage is not None:
            self.model.stage.reset()

    def idle(self) -> Silence | None:
        """Why nothing has come out since the last report; None if something has."""
        out, self._reported_out = self._reported_out, self.health.frames_out
        if self.health.frames_out > out:
            return None
        if not self.topics.wanted:
            return Silence(f"nobody reads {self.topics.outputs[0].publisher.topic_name}", Level.OK)
        return self.blocked or Silence("no frame yet")

    def report(self) -> Report:
        """Level, state and figures for the diagnostics."""
        blocked = self.blocked or Silence("works", Level.OK)
        loaded = self.model.used.place if self.model.stage is not None else "none"
        values = {"model": loaded, "last exchange": self.model.note, **self.health.values()}
        return blocked.level, blocked.reason, {**values, "dropped": self.health.dropped + self._lane.overtaken}

    def _block(self, error: Exception) -> None:
        self.blocked = Silence(f"{self.name} cannot process: {error}", Level.ERROR)
        self.health.dropped += 1
