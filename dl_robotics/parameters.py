"""Settings that can change while something runs: declared once, with range and description, as a frozen dataclass.

Nodes make ROS parameters of them (``nodes/parameters.py``).
"""

from __future__ import annotations

import dataclasses
from typing import Any

from dl_robotics.config import require


def parameter(
    default: Any, description: str, *, low: float | None = None, high: float | None = None, read_only: bool = False
) -> Any:
    """A field of a :class:`ParameterSet`.

    :param low: smallest accepted number; needs ``high``.
    :param high: largest accepted number; needs ``low``.
    :param read_only: whether the value only counts when the node starts.
    """
    metadata = {"description": description, "range": None if low is None else (low, high), "read_only": read_only}
    return dataclasses.field(default=default, metadata=metadata)


@dataclasses.dataclass(frozen=True)
class ParameterSet:
    """Base of all parameter dataclasses: checks every number against the range of its field."""

    def __post_init__(self) -> None:
        for item in dataclasses.fields(self):
            if item.metadata.get("range") is not None:
                low, high = item.metadata["range"]
                value = getattr(self, item.name)
                require(low <= value <= high, item.name, f"within [{low}, {high}]", value)
