"""Times nodes from outside: how old their results are when published, and what their stages say they took of that."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from statistics import median
from types import TracebackType
from typing import Any

import rclpy
from diagnostic_msgs.msg import DiagnosticArray
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState
from rclpy.client import Client
from rclpy.context import Context
from rclpy.executors import SingleThreadedExecutor  # the events executor cannot tell when a message was published
from rclpy.node import Node
from rclpy.signals import SignalHandlerOptions
from rclpy.subscription import MessageInfo, Subscription
from rclpy.task import Future

from dl_robotics.messages.diagnostics import decode_diagnostics
from dl_robotics.messages.header import decode_stamp
from dl_robotics.nodes.health import OWN_TIME
from dl_robotics.nodes.outputs import STREAM

REPEAT_S = 1.0  # between requests that are not answered
LIMIT_S = 300.0  # without any progress; a heavily loaded machine takes minutes to import torch


class Stopwatch:
    """A client in a ROS context of its own, which ends when the context is left; good for any number of nodes.

    ``ages_ms`` has for each topic that is read the times from the stamp of a message's header to its publishing;
    ``own_ms`` the median that each stage reported last, by its name in the diagnostics.

    :param check: called now and then; raises if there is no point in going on.
    """

    def __init__(self, check: Callable[[], None] = lambda: None) -> None:
        self.check = check
        self._context = Context()
        self._subscriptions: list[Subscription[Any]] = []
        self.ages_ms: dict[str, list[float]] = {}
        self.own_ms: dict[str, float] = {}

    def __enter__(self) -> Stopwatch:
        rclpy.init(context=self._context, signal_handler_options=SignalHandlerOptions.NO)
        self._node = Node("stopwatch", context=self._context)
        self._executor = SingleThreadedExecutor(context=self._context)
        self._executor.add_node(self._node)
        self._node.create_subscription(DiagnosticArray, "/diagnostics", self._on_diagnostics, STREAM)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._executor.shutdown()
        self._node.destroy_node()
        rclpy.shutdown(context=self._context)

    def read(self, topics: Mapping[str, type[Any]]) -> None:
        """Read topics, given with their message types, from now on, and no others."""
        for subscription in self._subscriptions:
            self._node.destroy_subscription(subscription)
        self.ages_ms = {topic: [] for topic in topics}
        self._subscriptions = [
            self._node.create_subscription(message_type, topic, partial(self._on_message, topic), STREAM)
            for topic, message_type in topics.items()
        ]

    def median_ages_ms(self, frames: int) -> dict[str, float]:
        """Each topic's median age over that many messages, a fifth as many before them not counted.

        :raises TimeoutError: naming a topic that falls silent.
        """
        for ages in self.ages_ms.values():
            ages.clear()
        for topic, ages in self.ages_ms.items():
            for count in range(frames + frames // 5):
                self._wait_for_more(topic, ages, count)
        return {topic: median(ages[-frames:]) for topic, ages in self.ages_ms.items()}

    def own_time_ms(self, stage: str) -> float:
        """What a stage says it takes, as of its next report.

        :raises TimeoutError: if it says nothing.
        """
        self.own_ms.pop(stage, None)
        self.wait(lambda: stage in self.own_ms, f"the time of {stage} in the diagnostics")
        return self.own_ms[stage]

    def configure(self, node: str) -> None:
        """Have a managed node load its models.

        :raises TimeoutError: if it does not answer.
        """
        client: Client[Any, Any] = self._node.create_client(ChangeState, f"{node}/change_state")
        self.wait(client.service_is_ready, f"the node {node}")
        request = ChangeState.Request(transition=Transition(id=Transition.TRANSITION_CONFIGURE))
        calls: list[Future[Any]] = []
        # A client finds the node before the node finds the client: what is sent in between is lost, so it is repeated.
        repeat = self._node.create_timer(REPEAT_S, lambda: calls.append(client.call_async(request)))
        self.wait(lambda: any(call.done() for call in calls), f"{node} to be configured")
        self._node.destroy_timer(repeat)

    def pause(self, seconds: float) -> None:
        """Let messages in for that long."""
        end = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() > end, "the end of time", limit_s=2.0 * seconds)

    def wait(self, condition: Callable[[], object], what: str, limit_s: float = LIMIT_S) -> None:
        """Let messages in until something is so.

        :raises TimeoutError: if it does not become so.
        """
        deadline = time.monotonic() + limit_s
        while not condition():
            self._executor.spin_once(timeout_sec=0.1)
            self.check()
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited {limit_s:g} s in vain for {what}")

    def _wait_for_more(self, topic: str, ages: Sequence[float], count: int) -> None:
        self.wait(lambda: len(ages) > count, f"message {count + 1} on {topic}")

    def _on_message(self, topic: str, message: Any, info: MessageInfo) -> None:
        age_ns = info["source_timestamp"] - decode_stamp(message.header.stamp)
        self.ages_ms[topic].append(age_ns * 1e-6)

    def _on_diagnostics(self, message: DiagnosticArray) -> None:
        for status in decode_diagnostics(message):
            if OWN_TIME in status.values:
                self.own_ms[status.name] = float(str(status.values[OWN_TIME]))
