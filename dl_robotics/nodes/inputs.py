"""A subscribed topic: matched to its publisher, decoded, counted, and never the end of the node."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from rclpy.event_handler import QoSRequestedIncompatibleQoSInfo, SubscriptionEventCallbacks
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy, qos_policy_name_from_kind
from rclpy.subscription import Subscription

from dl_robotics.messages.errors import MessageError

WARN_PERIOD_S = 5.0  # one warning a topic in this time, however many messages are refused

T = TypeVar("T")


def type_name(message_type: type[Any]) -> str:
    """A message type's name as the ROS graph has it, e.g. ``geometry_msgs/msg/Twist``."""
    return f"{message_type.__module__.split('.')[0]}/msg/{message_type.__name__}"


class Input(Generic[T]):
    """A topic that a node reads.

    A message that ``decode`` refuses with a :class:`MessageError` is counted and named in a throttled warning.

    ``topic`` is its full name, after remapping; ``received`` and ``refused`` count messages.

    :param topic: its name in the node, remappable.
    :param decode: from a message to what ``use`` takes.
    :param reliable: whether to ask for every message, if every publisher found offers that; for sensors the newest
        will do.
    :param depth: messages kept for a busy node; with 1 it sees the newest alone.
    :param latched: whether to ask for what was sent before.
    :param optional: whether a node does without a publisher.
    """

    def __init__(
        self,
        node: Node,
        topic: str,
        message_type: type[Any],
        decode: Callable[[Any], T],
        use: Callable[[T], None],
        *,
        reliable: bool = False,
        depth: int = 1,
        latched: bool = False,
        optional: bool = False,
    ) -> None:
        self._node, self._message_type, self._decode, self._use = node, message_type, decode, use
        self._reliable, self._depth, self._optional = reliable, depth, optional
        self._durability = DurabilityPolicy.TRANSIENT_LOCAL if latched else DurabilityPolicy.VOLATILE
        self._subscription: Subscription[Any] | None = None
        self._mismatch = ""
        self._warned_s = -WARN_PERIOD_S
        self._name, self.topic = topic, node.resolve_topic_name(topic)
        self.received = 0
        self.refused = 0

    def open(self) -> None:
        """Subscribe, asking for no more than every publisher found offers."""
        self.close()
        events = SubscriptionEventCallbacks(incompatible_qos=self._incompatible)
        self._subscription = self._node.create_subscription(
            self._message_type, self._name, self._receive, self._matching_qos(), event_callbacks=events
        )

    def close(self) -> None:
        """Unsubscribe."""
        if self._subscription is not None:
            self._node.destroy_subscription(self._subscription)
            self._subscription, self._mismatch = None, ""

    def silence(self) -> str:
        """Why nothing can arrive; empty if something can."""
        if self._subscription is None:
            return ""
        if self._mismatch:
            return f"QoS mismatch on {self.topic}: a publisher does not offer the {self._mismatch} asked for"
        found = {info.topic_type for info in self._node.get_publishers_info_by_topic(self.topic)}
        if found and type_name(self._message_type) not in found:
            return f"no {type_name(self._message_type)} on {self.topic}: publishers have {', '.join(sorted(found))}"
        return "" if found or self._optional else f"no publisher on {self.topic}"

    def rematch(self) -> None:
        """Ask for less if a publisher appeared that does not offer what was asked for."""
        if self._mismatch:
            self.open()

    def refuse(self, error: Exception) -> None:
        """Count a message, or a part of one, that cannot be used, and say so now and then."""
        self.refused += 1
        now_s = time.monotonic()
        if now_s - self._warned_s >= WARN_PERIOD_S:
            self._warned_s = now_s
            self._node.get_logger().warning(f"{self.topic}: message refused ({self.refused} so far): {error}")

    def _receive(self, message: Any) -> None:
        self.received += 1
        try:
            self._use(self._decode(message))
        except MessageError as error:
            self.refuse(error)

    def _matching_qos(self) -> QoSProfile:
        found = [info.qos_profile.reliability for info in self._node.get_publishers_info_by_topic(self.topic)]
        reliable = self._reliable and all(offer == ReliabilityPolicy.RELIABLE for offer in found)
        reliability = ReliabilityPolicy.RELIABLE if reliable else ReliabilityPolicy.BEST_EFFORT
        return QoSProfile(depth=self._depth, reliability=reliability, durability=self._durability)

    def _incompatible(self, event: QoSRequestedIncompatibleQoSInfo) -> None:
        self._mismatch = qos_policy_name_from_kind(event.last_policy_kind)
        self._node.get_logger().warning(self.silence())
