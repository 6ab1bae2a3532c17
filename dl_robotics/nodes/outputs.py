"""A published topic whose messages are built only where somebody reads them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic

from rclpy.event_handler import PublisherEventCallbacks, QoSOfferedIncompatibleQoSInfo
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile, qos_policy_name_from_kind
from typing_extensions import ParamSpec

from dl_robotics.nodes.inputs import type_name

P = ParamSpec("P")

# Reliable, so that every subscriber is compatible; deep enough for what a simulator sends in one burst.
STREAM = QoSProfile(depth=100)
IMAGES = QoSProfile(depth=5)
LATCHED = QoSProfile(depth=10, durability=DurabilityPolicy.TRANSIENT_LOCAL)  # late subscribers get the last ones
NEWEST_LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)


class Output(Generic[P]):
    """A topic that a node writes; calling it with what ``encode`` takes publishes one message.

    :param topic: its name in the node, remappable.
    """

    def __init__(
        self, node: Node, topic: str, message_type: type[Any], encode: Callable[P, Any], qos: QoSProfile = STREAM
    ) -> None:
        self._node, self._message_type, self._encode = node, message_type, encode
        self._latched = qos.durability == DurabilityPolicy.TRANSIENT_LOCAL
        self._mismatch = ""
        events = PublisherEventCallbacks(incompatible_qos=self._incompatible)
        self.publisher = node.create_publisher(message_type, topic, qos, event_callbacks=events)

    @property
    def wanted(self) -> bool:
        """Whether somebody reads the topic, or may do so later."""
        return self._latched or self.publisher.get_subscription_count() > 0

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Build and send a message, if it is wanted."""
        if self.wanted:
            self.publisher.publish(self._encode(*args, **kwargs))

    def silence(self) -> str:
        """Why those who subscribe get nothing; empty if any gets something, or nobody subscribes."""
        if self.publisher.get_subscription_count() > 0:
            return ""
        topic, own = self.publisher.topic_name, type_name(self._message_type)
        found = {info.topic_type for info in self._node.get_subscriptions_info_by_topic(topic)}
        if found and own not in found:
            return f"no {own} wanted on {topic}: subscribers have {', '.join(sorted(found))}"
        return self._mismatch if found else ""

    def _incompatible(self, event: QoSOfferedIncompatibleQoSInfo) -> None:
        policy = qos_policy_name_from_kind(event.last_policy_kind)
        self._mismatch = f"QoS mismatch on {self.publisher.topic_name}: a subscriber asks for another {policy}"
        self._node.get_logger().warning(self._mismatch)
