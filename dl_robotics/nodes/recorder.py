"""Records topics to a bag, as raw messages, until SIGINT or SIGTERM, or until the disk runs short.

``python -m dl_robotics.nodes.recorder --output BAG [TOPIC ...] [--regex REGEX] [--all]``
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, get_args

from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from rclpy.utilities import remove_ros_args

from dl_robotics.data.free_disk import FreeDisk
from dl_robotics.data.recordings import BagWriter, RecordingError, Storage, offered_qos
from dl_robotics.messages.message_class import MessageTypeError, message_class
from dl_robotics.nodes.record_choice import Choice
from dl_robotics.nodes.run import ask_to_end, run

LOOK_PERIOD_S = 0.2  # between looks for topics that nobody publishes yet
TELL_PERIOD_S = 5.0
DEPTH = 1000  # messages that wait for the disk
MB = 1e6


class Recorder(Node):
    """Subscribes to each chosen topic as soon as somebody publishes it.

    A topic that cannot be recorded is named once and left out. ``bag`` is what it writes; ``shortage`` is why it
    stopped by itself, if it did.

    :param bag: closed with the node.
    :param disk: ends the recording when it runs short.
    :param end: asks for the end of the node then.
    """

    def __init__(self, choice: Choice, bag: BagWriter, disk: FreeDisk, end: Callable[[], None], **node: Any) -> None:
        super().__init__("recorder", **node)
        self._choice, self._met = choice.resolved(self.resolve_topic_name), set[str]()
        self.bag, self._disk, self._end = bag, disk, end
        self._bytes = self._told_messages = self._told_bytes = 0
        self.shortage = ""
        self._look()
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self.create_timer(LOOK_PERIOD_S, self._look, clock=steady)
        self.create_timer(TELL_PERIOD_S, self._tell, clock=steady)

    def destroy_node(self) -> None:
        """Finish the bag, and tell what it holds."""
        self.bag.close()
        self.get_logger().info(f"recorded {self.bag.messages} messages, {self._bytes / MB:.1f} MB")
        for topic in self._choice.missing(self._met):
            self.get_logger().warning(f"{topic}: nothing recorded, nobody published it")
        super().destroy_node()

    def _look(self) -> None:
        for topic, types in self.get_topic_names_and_types():
            if topic in self._met or topic not in self._choice or not types:
                continue
            if publishers := self.get_publishers_info_by_topic(topic):
                self._met.add(topic)
                try:
                    self._record(topic, publishers[0].topic_type, [info.qos_profile for info in publishers])
                except RecordingError as error:
                    self.get_logger().error(f"not recorded: {error}")

    def _record(self, topic: str, message_type: str, offers: list[QoSProfile]) -> None:
        """Subscribe in the strictest way that every publisher allows."""
        reliable = all(offer.reliability == ReliabilityPolicy.RELIABLE for offer in offers)
        latched = all(offer.durability == DurabilityPolicy.TRANSIENT_LOCAL for offer in offers)
        qos = QoSProfile(
            depth=DEPTH,
            reliability=ReliabilityPolicy.RELIABLE if reliable else ReliabilityPolicy.BEST_EFFORT,
            durability=DurabilityPolicy.TRANSIENT_LOCAL if latched else DurabilityPolicy.VOLATILE,
        )
        message_class = _message_class(topic, message_type)
        self.bag.add_topic(topic, message_type, offered_qos(DEPTH, reliable=reliable, latched=latched))
        self.create_subscription(message_class, topic, partial(self._write, topic), qos, raw=True)

    def _write(self, topic: str, serialised: bytes) -> None:
        if self.shortage:
            return
        self.bag.write(topic, self.get_clock().now().nanoseconds, serialised)
        self._bytes += len(serialised)
        self.shortage = self._disk.shortage(len(serialised))
        if self.shortage:
            self.get_logger().error(f"recording ends: {self.shortage}")
            self._end()

    def _tell(self) -> None:
        rate = (self.bag.messages - self._told_messages) / TELL_PERIOD_S
        speed = (self._bytes - self._told_bytes) / MB / TELL_PERIOD_S
        self._told_messages, self._told_bytes = self.bag.messages, self._bytes
        total = f"{self.bag.messages} messages, {self._bytes / MB:.1f} MB"
        self.get_logger().info(f"{total}; {rate:.0f} messages/s, {speed:.1f} MB/s")


def _message_class(topic: str, message_type: str) -> type[Any]:
    try:
        return message_class(message_type)
    except MessageTypeError as error:
        raise RecordingError(f"{topic}: {error}") from error


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("topics", nargs="*", metavar="TOPIC", help="recorded as soon as somebody publishes them")
    parser.add_argument("--all", action="store_true", help="record every topic that is not hidden")
    parser.add_argument("--regex", type=_pattern, help="record the topics whose whole name matches")
    parser.add_argument("--output", type=Path, required=True, metavar="BAG", help="folder of the new bag")
    parser.add_argument("--storage", choices=get_args(Storage), default="mcap", help="of the bag (%(default)s)")
    parser.add_argument("--min-free-gb", type=float, default=1.0, help="end before less disk is left (%(default)s)")


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"expected a regular expression, got {text!r}: {error}") from error


def record(told: argparse.Namespace, args: Sequence[str] | None = None) -> int:
    """Record until told to end.

    :param args: for ROS.
    :returns: exit code: 1 if it could not start, or if the disk ran short.
    """
    made: list[Recorder] = []

    def make() -> Recorder:
        choice = Choice(tuple(told.topics), told.regex, told.all)
        disk = FreeDisk(told.output, told.min_free_gb)
        made.append(Recorder(choice, BagWriter(told.output, told.storage), disk, ask_to_end))
        return made[0]

    code = run(make, args)
    return code or int(any(recorder.shortage for recorder in made))


def main(args: Sequence[str] | None = None) -> int:
    """Record until told to end."""
    parser = argparse.ArgumentParser(description="Record topics to a bag.")
    add_arguments(parser)
    return record(parser.parse_args(remove_ros_args(sys.argv if args is None else ["recorder", *args])[1:]), args)


if __name__ == "__main__":
    sys.exit(main())
