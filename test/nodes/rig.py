"""Nodes under test, a client that talks to them over DDS, and waiting for events with a time limit."""

import gc
import time
from collections.abc import Callable

import rclpy
from rclpy.client import Client
from rclpy.context import Context
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.publisher import Publisher
from rclpy.qos import QoSProfile

from dl_robotics.nodes.run import make_executor

LIMIT_S = 20.0
CLIENTS = 4
RIGS_TO_COLLECT = 8  # after so many, what has been closed is given back


class Rig:
    """One ROS context with one executor, in which everything of a test runs.

    A context's participant lives until Python collects it, and on one machine Fast DDS finds only some thirty.
    """

    closed = 0

    def __init__(self) -> None:
        self.context = Context()
        rclpy.init(context=self.context)
        self.executor = make_executor(self.context)
        self.nodes: list[Node] = []
        self.client = Node("client", context=self.context)
        self._add(self.client)

    def start(self, cls: Callable[..., Node], *arguments: str, **parameters: object) -> Node:
        """Make a node and spin it from now on.

        :param arguments: of the command line, after --ros-args.
        """
        overrides = [Parameter(name, value=value) for name, value in parameters.items()]
        cli = ["--ros-args", *arguments] if arguments else None
        node = cls(context=self.context, parameter_overrides=overrides, cli_args=cli)
        self._add(node)
        return node

    def stop(self, node: Node) -> None:
        """End a node in order."""
        self.executor.remove_node(node)
        self.nodes.remove(node)
        for _ in range(100):  # what the executor has in its queue for the node
            self.executor.spin_once(timeout_sec=0.0)
        node.destroy_node()

    def hear(self, topic: str, kind: type, qos: QoSProfile | int = 100) -> list:
        """The messages of a topic from now on, with a publisher already matched."""
        heard: list = []
        subscription = self.client.create_subscription(kind, topic, heard.append, qos)
        self.until(lambda: subscription.get_publisher_count() > 0, f"a publisher on {topic}")
        return heard

    def speaker(self, kind: type, topic: str, qos: QoSProfile | int = 10, match: bool = True) -> Publisher:
        """A publisher, with a subscriber already matched."""
        publisher = self.client.create_publisher(kind, topic, qos)
        if match:
            self.until(lambda: publisher.get_subscription_count() > 0, f"a subscriber on {topic}")
        return publisher

    def call(self, kind: type, service: str, **fields: object) -> object:
        """A service's response.

        Fast DDS now and then never matches a client made soon after another context has ended; the next one it does.
        """
        for _ in range(CLIENTS):
            client: Client = self.client.create_client(kind, service)
            try:
                if self.happens(client.service_is_ready, LIMIT_S / CLIENTS):
                    future = client.call_async(kind.Request(**fields))
                    self.until(future.done, f"a response of {service}")
                    return future.result()
            finally:
                self.client.destroy_client(client)
        raise AssertionError(f"waited {LIMIT_S:g} s in vain for service {service}")

    def until(self, condition: Callable[[], object], what: str, limit_s: float = LIMIT_S) -> None:
        """Spin until something is so, and fail if it never is."""
        assert self.happens(condition, limit_s), f"waited {limit_s:g} s in vain for {what}"

    def happens(self, condition: Callable[[], object], limit_s: float) -> bool:
        """Spin until something is so; whether it was in time."""
        deadline = time.monotonic() + limit_s
        while not condition():
            if time.monotonic() > deadline:
                return False
            self.executor.spin_once(timeout_sec=0.02)
        return True

    def spin_for(self, seconds: float) -> None:
        """Spin for that long: for showing that something does not happen."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.executor.spin_once(timeout_sec=0.02)

    def close(self) -> None:
        """End everything."""
        for node in list(self.nodes):
            self.stop(node)
        self.executor.shutdown()
        rclpy.shutdown(context=self.context)
        Rig.closed += 1
        if Rig.closed % RIGS_TO_COLLECT == 0:
            gc.collect()

    def _add(self, node: Node) -> None:
        self.nodes.append(node)
        self.executor.add_node(node)
