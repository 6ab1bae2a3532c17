"""A node that waits for others, with a time limit."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import rclpy
from rclpy import InitContextManager
from rclpy.client import Client
from rclpy.executors import Executor
from rclpy.node import Node
from rclpy.signals import SignalHandlerOptions

ANSWER_TIMEOUT_S = 60.0  # wall time without a sign of life
AGAIN_S = 2.0  # a loaded machine may take as long


def undisturbed() -> InitContextManager:
    """ROS as a context, whose signals are left to Python.

    rclpy's own handlers would shut it down beneath whatever call is under way.
    """
    return rclpy.init(signal_handler_options=SignalHandlerOptions.NO)


class WaitingNode(Node):
    """Spins itself while it waits.

    :param executor: that spins it.
    :param check: raises if there is no point in waiting any longer, since those who are waited for have died.
    """

    def __init__(self, name: str, executor: Executor, check: Callable[[], None] | None = None, **node: Any) -> None:
        super().__init__(name, **node)
        self._spinner, self._check = executor, check
        executor.add_node(self)

    def wait(self, condition: Callable[[], bool], problem: str, limit_s: float = ANSWER_TIMEOUT_S) -> None:
        """Wait until something is so.

        :raises TimeoutError: saying what the problem is, if that takes too long.
        """
        deadline = time.monotonic() + limit_s
        while not condition():
            self._spin()
            if time.monotonic() > deadline:
                raise TimeoutError(f"{problem} within {limit_s:g} s")

    def insist(self, action: Callable[[], None], condition: Callable[[], bool], problem: str) -> None:
        """Do something, and again every few seconds, until it has its effect.

        :raises TimeoutError: saying what the problem is, if it never has.
        """
        deadline = time.monotonic() + ANSWER_TIMEOUT_S
        while not condition():
            action()
            again = time.monotonic() + AGAIN_S
            while not condition() and time.monotonic() < again:
                self._spin()
            if time.monotonic() > deadline:
                raise TimeoutError(f"{problem} within {ANSWER_TIMEOUT_S:g} s")

    def _spin(self) -> None:
        if self._check:
            self._check()
        self._spinner.spin_once(timeout_sec=0.1)

    def call(self, client: Client[Any, Any], request: Any) -> Any:
        """A service's answer.

        :raises TimeoutError: if there is none.
        """
        self.wait(client.service_is_ready, f"{client.srv_name}: no such service")
        future = client.call_async(request)
        self.wait(future.done, f"{client.srv_name}: no answer")
        return future.result()
