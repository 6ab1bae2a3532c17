"""Records topics to a bag, as raw messages, until SIGINT or SIGTERM.

``python -m dl_robotics.nodes.recorder --output BAG TOPIC [TOPIC ...]``
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from rclpy.utilities import remove_ros_args
from rosbags.interfaces import Qos, QosDurability, QosHistory, QosLiveliness, QosReliability, QosTime

from dl_robotics.data.recordings import BagWriter, RecordingError
from dl_robotics.nodes.run import run

LOOK_PERIOD_S = 0.2  # between looks for topics that nobody publishes yet
DEPTH = 1000  # messages that wait for the disk
NEVER = QosTime(2147483647, 4294967295)  # how rosbag2 spells a duration without end


class Recorder(Node):
    """Subscribes to each topic as soon as somebody publishes it.

    :param topics: their names.
    :param path: the new bag.
    :raises RecordingError: if the bag exists.
    """

    def __init__(self, topics: Sequence[str], path: Path, **node: Any) -> None:
        super().__init__("recorder", **node)
        self._missing = [self.resolve_topic_name(topic) for topic in topics]
        self._bag = BagWriter(path)
        self._look()
        self.create_timer(LOOK_PERIOD_S, self._look, clock=Clock(clock_type=ClockType.STEADY_TIME))

    def destroy_node(self) -> None:
        """Finish the bag, and tell what it holds."""
        self._bag.close()
        self.get_logger().info(f"recorded {self._bag.messages} messages")
        for topic in self._missing:
            self.get_logger().warning(f"{topic}: nothing recorded, nobody published it")
        super().destroy_node()

    def _look(self) -> None:
        for topic in tuple(self._missing):
            if publishers := self.get_publishers_info_by_topic(topic):
                self._missing.remove(topic)
                try:
                    self._record(topic, publishers[0].topic_type, [info.qos_profile for info in publishers])
                except RecordingError as error:
                    self.get_logger().error(str(error))

    def _record(self, topic: str, message_type: str, offers: list[QoSProfile]) -> None:
        """Subscribe in the strictest way that every publisher allows."""
        reliable = all(offer.reliability == ReliabilityPolicy.RELIABLE for offer in offers)
        latched = all(offer.durability == DurabilityPolicy.TRANSIENT_LOCAL for offer in offers)
        qos = QoSProfile(
            depth=DEPTH,
            reliability=ReliabilityPolicy.RELIABLE if reliable else ReliabilityPolicy.BEST_EFFORT,
            durability=DurabilityPolicy.TRANSIENT_LOCAL if latched else DurabilityPolicy.VOLATILE,
        )
        self._bag.add_topic(topic, message_type, _recorded(qos))
        package, kind, name = message_type.split("/")
        message_class = getattr(import_module(f"{package}.{kind}"), name)
        self.create_subscription(message_class, topic, partial(self._write, topic), qos, raw=True)

    def _write(self, topic: str, serialised: bytes) -> None:
        self._bag.write(topic, self.get_clock().now().nanoseconds, serialised)


def _recorded(qos: QoSProfile) -> Qos:
    """The profile as the bag tells it; rclpy and rosbag2 number the policies alike."""
    return Qos(
        history=QosHistory(int(qos.history)),
        depth=qos.depth,
        reliability=QosReliability(int(qos.reliability)),
        durability=QosDurability(int(qos.durability)),
        deadline=NEVER,
        lifespan=NEVER,
        liveliness=QosLiveliness(int(qos.liveliness)),
        liveliness_lease_duration=NEVER,
        avoid_ros_namespace_conventions=False,
    )


def main(args: Sequence[str] | None = None) -> int:
    """Record until told to end."""
    parser = argparse.ArgumentParser(description="Record topics to a bag.")
    parser.add_argument("--output", type=Path, required=True, metavar="BAG", help="folder of the new bag")
    parser.add_argument("topics", nargs="+", metavar="TOPIC")
    own = parser.parse_args(remove_ros_args(sys.argv if args is None else ["recorder", *args])[1:])
    return run(lambda: Recorder(own.topics, own.output), args)


if __name__ == "__main__":
    sys.exit(main())
