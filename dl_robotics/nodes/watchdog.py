"""Notices in time that an input has stopped, be it by the clock of the data or by that of the wall."""

from __future__ import annotations

import time
from collections.abc import Callable

from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rclpy.node import Node

CHECKS = 10  # a timeout is divided into so many periods


class Watchdog:
    """Calls ``expired`` with the reason every tenth of ``timeout_s`` while the input is silent, in time the first time.

    With simulated time the input is timed by ROS time, however fast or slow that runs, and the steady clock watches
    ROS time itself, which stands still when the simulator is dead.

    ``silence`` is the reason until the input comes again, else empty.

    :param what: the input, for the reason.
    """

    def __init__(self, node: Node, what: str, timeout_s: float, expired: Callable[[str], None]) -> None:
        self._node, self._what, self._expired = node, what, expired
        period_s = timeout_s / CHECKS
        self._limit_s = timeout_s - period_s  # what is found a period late is still in time
        self._simulated = bool(node.get_parameter("use_sim_time").value)
        self._timers = [node.create_timer(period_s, self._check_wall, clock=Clock(clock_type=ClockType.STEADY_TIME))]
        if self._simulated:
            self._timers.append(node.create_timer(period_s, self._check_ros))
        self.feed(self._now_ns())

    def feed(self, stamp_ns: int) -> None:
        """The input has come, with this stamp."""
        self.silence = ""
        self._stamp_ns, self._ros_ns, self._alive_s = stamp_ns, self._now_ns(), time.monotonic()

    def stop(self) -> None:
        """Watch no longer."""
        for timer in self._timers:
            self._node.destroy_timer(timer)
        self._timers = []

    def _check_wall(self) -> None:
        now_s, ros_ns = time.monotonic(), self._now_ns()
        if self._simulated and ros_ns != self._ros_ns:
            self._ros_ns, self._alive_s = ros_ns, now_s
        what = "ROS time stands still" if self._simulated else f"{self._what} is silent"
        self._judge(now_s - self._alive_s, what)

    def _check_ros(self) -> None:
        self._judge((self._now_ns() - self._stamp_ns) * 1e-9, f"{self._what} is silent")

    def _judge(self, silent_s: float, what: str) -> None:
        # An executor may call a timer once more after it was destroyed.
        if self._timers and silent_s >= self._limit_s:
            self.silence = f"{what} for {silent_s:.2f} s"
            self._expired(self.silence)

    def _now_ns(self) -> int:
        return self._node.get_clock().now().nanoseconds
