"""Watches a running system from outside: how old results are, how many frames get none, and how right they are."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from diagnostic_msgs.msg import DiagnosticArray
from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.qos import QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import CameraInfo, CompressedImage, Image
from vision_msgs.msg import LabelInfo

from dl_robotics.config import ConfigError, require
from dl_robotics.data.report import Report
from dl_robotics.messages.diagnostics import Status, decode_diagnostics
from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.header import decode_serialised_stamp
from dl_robotics.messages.label_info import Labels, decode_label_info
from dl_robotics.nodes.inputs import Input, type_name
from dl_robotics.nodes.passage import Passage
from dl_robotics.nodes.result_kinds import RESULTS, ResultKind, class_table
from dl_robotics.nodes.run import ask_to_end, run
from dl_robotics.nodes.truth_pairs import TruthPairs

LOOK_PERIOD_S = 0.1  # between looks for topics that nobody publishes yet
DEPTH = 50
STAMPED: Mapping[str, type[Any]] = {type_name(kind): kind for kind in (Image, CompressedImage, CameraInfo)}


@dataclass(frozen=True)
class Watched:
    """The topics to watch.

    :param image: what the stage takes; or the ``CameraInfo`` beside it, which costs less to receive.
    :param result: ``Detection2DArray``, or mono8 ``Image`` of class ids.
    :param truth: the same of the truth; empty for none.
    """

    image: str
    result: str
    truth: str = ""

    def __post_init__(self) -> None:
        require(bool(self.image), "image", "a topic", self.image)
        require(bool(self.result), "result", "a topic", self.result)


def observe(watched: Watched, seconds: float, use_sim_time: bool = False) -> Observer | None:
    """Watch for so many seconds of real time, or until SIGINT or SIGTERM.

    :param use_sim_time: whether the time of the stamps is that of ``/clock``.
    :returns: the observer, which has ended; None if it could not start.
    """
    made: list[Observer] = []

    def make() -> Observer:
        observer = Observer(watched, parameter_overrides=[Parameter("use_sim_time", value=use_sim_time)])
        observer.create_timer(seconds, ask_to_end, clock=Clock(clock_type=ClockType.STEADY_TIME))
        made.append(observer)
        return observer

    return made[0] if run(make, []) == 0 else None


class Observer(Node):
    """Subscribes to each topic as soon as somebody publishes it.

    ``passage`` has seen the frames, ``statuses`` are the newest diagnostics by name. ``report`` judges results by the
    truth, as soon as both have told their class names, and ``judged`` counts them. ``trouble`` is why a topic cannot be
    watched.
    """

    def __init__(self, watched: Watched, **node: Any) -> None:
        super().__init__("observer", **node)
        self.passage, self.statuses = Passage(), dict[str, Status]()
        self.report: Report | None = None
        self.judged, self.trouble = 0, ""
        self._kind: ResultKind | None = None
        self._names: dict[str, Mapping[int, str]] = {}
        self._pairs: TruthPairs[Any] | None = TruthPairs(self._judge) if watched.truth else None
        wanted = {watched.image: self._open_image, watched.result: self._open_result, watched.truth: self._open_truth}
        self._wanted = {self.resolve_topic_name(topic): use for topic, use in wanted.items() if topic}
        self._inputs: list[Input[Any]] = []
        self._open("/diagnostics", DiagnosticArray, decode_diagnostics, self._hear)
        self.create_timer(LOOK_PERIOD_S, self._look, clock=Clock(clock_type=ClockType.STEADY_TIME))

    @property
    def missing(self) -> tuple[str, ...]:
        """Topics that nobody publishes."""
        return tuple(self._wanted)

    def _look(self) -> None:
        for topic, use in list(self._wanted.items()):
            for publisher in self.get_publishers_info_by_topic(topic)[:1]:
                del self._wanted[topic]
                try:
                    use(topic, publisher.topic_type)
                except ConfigError as error:
                    self.trouble = str(error)
        for source in self._inputs:
            source.rematch()

    def _open_image(self, topic: str, message_type: str) -> None:
        _check_type(topic, message_type, STAMPED)
        qos = QoSProfile(depth=DEPTH, reliability=ReliabilityPolicy.BEST_EFFORT)
        self.create_subscription(STAMPED[message_type], topic, self._see_image, qos, raw=True)

    def _open_result(self, topic: str, message_type: str) -> None:
        _check_type(topic, message_type, RESULTS)
        self._kind = RESULTS[message_type]
        self._open(topic, self._kind.message, self._kind.decode, self._see_result)
        self._open_names(topic, "result")

    def _open_truth(self, topic: str, message_type: str) -> None:
        _check_type(topic, message_type, RESULTS)
        kind = RESULTS[message_type]
        self._open(topic, kind.message, kind.decode, self._see_truth)
        self._open_names(topic, "truth")

    def _open_names(self, topic: str, whose: str) -> None:
        """Class names come beside the topic that has the ids."""
        beside = f"{topic.rpartition('/')[0]}/label_info"
        self._open(beside, LabelInfo, decode_label_info, partial(self._name, whose), latched=True)

    def _open(
        self,
        topic: str,
        kind: type[Any],
        decode: Callable[[Any], Any],
        use: Callable[[Any], None],
        latched: bool = False,
    ) -> None:
        source: Input[Any] = Input(self, topic, kind, decode, use, reliable=True, depth=DEPTH, latched=latched)
        self._inputs.append(source)
        source.open()

    def _see_image(self, serialised: bytes) -> None:
        try:
            self.passage.saw_image(decode_serialised_stamp(serialised), *self._now_ns())
        except MessageError as error:
            self.get_logger().warning(f"image refused: {error}", throttle_duration_sec=5.0)

    def _see_result(self, seen: tuple[int, Any]) -> None:
        self.passage.saw_result(seen[0], *self._now_ns())
        if self._pairs is not None:
            self._pairs.result(*seen)

    def _see_truth(self, seen: tuple[int, Any]) -> None:
        if self._pairs is not None:
            self._pairs.truth(*seen)

    def _name(self, whose: str, labels: Labels) -> None:
        self._names[whose] = labels.names
        if len(self._names) == 2 and self._kind is not None and self.report is None:
            names = self._names["result"]
            classes = [names.get(number, f"unused {number}") for number in range(max(names) + 1)]
            self._table = class_table(self._names["truth"], names)
            self.report = self._kind.report(classes, worst=0)

    def _judge(self, truth: Any, result: Any) -> None:
        if self._kind is not None and self.report is not None:
            self._kind.add(self.report, self._table, truth, result)
            self.judged += 1

    def _hear(self, statuses: tuple[Status, ...]) -> None:
        self.statuses.update({status.name: status for status in statuses})

    def _now_ns(self) -> tuple[int, int]:
        """By the clock of the stamps, which may be a simulator's, and by a real one."""
        return self.get_clock().now().nanoseconds, time.monotonic_ns()


def _check_type(topic: str, message_type: str, known: Mapping[str, Any]) -> None:
    """Refuse a topic of a wrong type.

    :raises ConfigError: naming it.
    """
    require(message_type in known, topic, f"messages of type {' or '.join(known)}", message_type)
