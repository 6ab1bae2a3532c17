"""Yes or no: ``std_msgs/Bool``."""

from __future__ import annotations

from typing import Any

from std_msgs.msg import Bool


def decode_flag(message: Any) -> bool:
    """Read a ``Bool``."""
    return bool(message.data)


def encode_flag(flag: bool) -> Bool:
    """The ``Bool`` of a flag."""
    return Bool(data=bool(flag))
