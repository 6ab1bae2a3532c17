"""Health reports: ``diagnostic_msgs/DiagnosticArray``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue

from dl_robotics.messages.errors import check
from dl_robotics.messages.header import encode_header


class Level(IntEnum):
    """How well a part is."""

    OK = 0
    WARN = 1
    ERROR = 2
    STALE = 3


@dataclass(frozen=True)
class Status:
    """The state of one part.

    :param name: the part, e.g. ``"navigator: scan"``.
    :param message: one line on its state; where something is wrong, the reason.
    :param values: figures to go with it; each is written with ``str``.
    """

    level: Level
    name: str
    message: str
    hardware_id: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


def decode_diagnostics(message: Any) -> tuple[Status, ...]:
    """The states in a ``DiagnosticArray``.

    :raises MessageError: for a level that is none.
    """
    return tuple(_decode_status(status, f"status[{index}]") for index, status in enumerate(message.status))


def encode_diagnostics(stamp_ns: int, statuses: Iterable[Status]) -> DiagnosticArray:
    """The ``DiagnosticArray`` of some states."""
    return DiagnosticArray(header=encode_header(stamp_ns, ""), status=[_encode_status(s) for s in statuses])


def _decode_status(status: Any, where: str) -> Status:
    # An IDL octet is one byte in rclpy and a number in rosbags.
    level = status.level[0] if isinstance(status.level, bytes) else status.level
    check(level in tuple(Level), f"{where}.level", "0 to 3", level)
    values = {pair.key: pair.value for pair in status.values}
    return Status(Level(level), status.name, status.message, status.hardware_id, values)


def _encode_status(status: Status) -> DiagnosticStatus:
    return DiagnosticStatus(
        level=bytes([status.level]),
        name=status.name,
        message=status.message,
        hardware_id=status.hardware_id,
        values=[KeyValue(key=key, value=str(value)) for key, value in status.values.items()],
    )
