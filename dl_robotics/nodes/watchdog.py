"""Notices in time that inputs have stopped, be it by the clock of the data or by that of the wall."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rclpy.node import Node

CHECKS = 10  # a timeout is divided into so many periods
ROS_TIME = "ROS time"


class Watchdog:
    """Calls ``expired`` every tenth of ``timeout_s`` while an input is silent, and in time the first time.

    With simulated time inputs are timed by ROS time, however fast or slow that runs, and the steady clock watches ROS
    time itself, which stands still when the simulator is dead.

    :param names: the inputs.
    """

    def __init__(self, node: Node, names: Iterable[str], timeout_s: float, expired: Callable[[], None]) -> None:
        self._node, self._expired = node, expired
        period_s = timeout_s / CHECKS
        self._limit_s = timeout_s - period_s  # what is found a period late is still in time
        self._simulated = bool(node.get_parameter("use_sim_time").value)
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        # Twice as often: what stops the robot still has to travel. ROS time may run fast, and its checks cost as much.
        self._timers = [node.create_timer(period_s / 2.0, self._check_wall, clock=steady)]
        if self._simulated:
            self._timers.append(node.create_timer(period_s, self._check_ros))
        self._ros_ns = self._now_ns()
        now_s = time.monotonic()
        self._stamps_ns, self._heard_s = dict.fromkeys(names, self._ros_ns), dict.fromkeys(names, now_s)
        self._ros_moved_s = now_s
        self._silent: dict[str, str] = {}

    @property
    def silence(self) -> str:
        """The input that is silent, and for how long; empty if none is."""
        return next(iter(self._silent.values()), "")

    def feed(self, name: str, stamp_ns: int) -> None:
        """An input has come, with this stamp."""
        self._stamps_ns[name], self._heard_s[name] = stamp_ns, time.monotonic()
        self._silent.pop(name, None)
        self._silent.pop(ROS_TIME, None)

    def stop(self) -> None:
        """Watch no longer."""
        for timer in self._timers:
            self._node.destroy_timer(timer)
        self._timers = []

    def _check_wall(self) -> None:
        now_s = time.monotonic()
        if not self._simulated:
            name, heard_s = min(self._heard_s.items(), key=lambda item: item[1])
            self._judge(name, now_s - heard_s, "is silent")
            return
        if self._now_ns() != self._ros_ns:
            self._ros_ns, self._ros_moved_s = self._now_ns(), now_s
        self._judge(ROS_TIME, now_s - self._ros_moved_s, "stands still")

    def _check_ros(self) -> None:
        name, stamp_ns = min(self._stamps_ns.items(), key=lambda item: item[1])
        self._judge(name, (self._now_ns() - stamp_ns) * 1e-9, "is silent")

    def _judge(self, name: str, silent_s: float, what: str) -> None:
        # An executor may call a timer once more after it was destroyed.
        if self._timers and silent_s >= self._limit_s:
            self._silent[name] = f"{name} {what} for {silent_s:.2f} s"
            self._expired()

    def _now_ns(self) -> int:
        return self._node.get_clock().now().nanoseconds
