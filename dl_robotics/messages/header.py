"""Stamps as whole nanoseconds, and headers."""

from __future__ import annotations

import struct
from typing import Any

from builtin_interfaces.msg import Time
from std_msgs.msg import Header

from dl_robotics.messages.errors import check

_NS_PER_S = 1_000_000_000


def decode_stamp(stamp: Any, field: str = "header.stamp") -> int:
    """Nanoseconds of a ``builtin_interfaces/Time``.

    :raises MessageError: for a nanosecond part of a second or more.
    """
    check(0 <= stamp.nanosec < _NS_PER_S, f"{field}.nanosec", "0 to 999999999", stamp.nanosec)
    return int(stamp.sec) * _NS_PER_S + int(stamp.nanosec)


def encode_stamp(stamp_ns: int) -> Time:
    """The ``builtin_interfaces/Time`` of nanoseconds.

    :raises MessageError: for a time whose seconds do not fit 32 bits.
    """
    seconds, nanoseconds = divmod(int(stamp_ns), _NS_PER_S)
    check(-(2**31) <= seconds < 2**31, "stamp.sec", "a signed 32 bit number", seconds)
    return Time(sec=seconds, nanosec=nanoseconds)


def decode_header(header: Any) -> tuple[int, str]:
    """Stamp in nanoseconds and frame of a ``std_msgs/Header``."""
    return decode_stamp(header.stamp), str(header.frame_id)


def encode_header(stamp_ns: int, frame_id: str) -> Header:
    """A ``std_msgs/Header``."""
    return Header(stamp=encode_stamp(stamp_ns), frame_id=frame_id)


def decode_serialised_stamp(serialised: bytes | memoryview) -> int:
    """Nanoseconds of a message in CDR whose first field is a header, without reading the rest of it.

    :param serialised: the first twelve bytes at least.
    :raises MessageError: for data that is too short, of another representation, or a stamp that is none.
    """
    head = bytes(serialised[:12])
    check(len(head) == 12 and head[0] == 0 and head[1] in (0, 1), "header.stamp", "a stamp in CDR", head)
    seconds, nanoseconds = struct.unpack_from("<iI" if head[1] else ">iI", head, 4)
    check(nanoseconds < _NS_PER_S, "header.stamp.nanosec", "0 to 999999999", nanoseconds)
    return int(seconds) * _NS_PER_S + int(nanoseconds)
