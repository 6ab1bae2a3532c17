"""Numbers of any message by the names of their fields, as settings spell them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt

from dl_robotics.messages.errors import MessageError, check
from dl_robotics.messages.header import decode_stamp

_STEP = re.compile(r"([A-Za-z]\w*)((?:\[\d+\])*)")
_PLACE = re.compile(r"\[(\d+)\]")


def read_field(message: Any, name: str) -> Any:
    """What a field of a message holds.

    :param name: dotted, with places of arrays in brackets: ``linear_acceleration.x``, ``position[2]``.
    :raises MessageError: if the message has no such field, or too short an array.
    """
    value = message
    for step in name.split("."):
        match = _STEP.fullmatch(step)
        if match is None or not hasattr(value, match[1]):
            raise MessageError(name, f"a field of {type(value).__name__}", step)
        value = getattr(value, match[1])
        for place in map(int, _PLACE.findall(match[2])):
            # NumPy's numbers have places, too, but no length.
            check(hasattr(value, "__len__") and place < len(value), name, f"an array of {place + 1} or more", value)
            value = value[place]
    return value


def read_numbers(message: Any, names: Sequence[str]) -> npt.NDArray[np.float64]:
    """(C,) what fields of a message hold; truth values count as 0 and 1.

    :raises MessageError: naming the field that is missing, or holds no finite number.
    """
    return np.array([_number(read_field(message, name), name) for name in names], np.float64)


def read_stamp_ns(message: Any) -> int | None:
    """The stamp of a message's header; None for a message without a header.

    :raises MessageError: for a stamp that is none.
    """
    header = getattr(message, "header", None)
    return None if header is None else decode_stamp(header.stamp)


def _number(value: Any, name: str) -> float:
    if not isinstance(value, Real | np.bool_) or not math.isfinite(value):
        raise MessageError(name, "a finite number", value)
    return float(value)
