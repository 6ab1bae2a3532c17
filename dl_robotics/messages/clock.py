"""Simulated time: ``rosgraph_msgs/Clock``."""

from __future__ import annotations

from typing import Any

from rosgraph_msgs.msg import Clock

from dl_robotics.messages.header import decode_stamp, encode_stamp


def decode_clock(message: Any) -> int:
    """Nanoseconds since the simulation's start."""
    return decode_stamp(message.clock, "clock")


def encode_clock(time_ns: int) -> Clock:
    """The ``rosgraph_msgs/Clock`` of nanoseconds since the simulation's start."""
    return Clock(clock=encode_stamp(time_ns))
