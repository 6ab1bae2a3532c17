"""Who follows a run while it goes on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Protocol


class RunProgress(NamedTuple):
    """How far a run is.

    :param loss: of the last step; NaN before any.
    :param score: of the best evaluation so far; NaN before any.
    :param remaining_s: at the pace so far; inf before any step.
    """

    step: int
    total: int
    loss: float
    score: float
    remaining_s: float


class Listener(Protocol):
    """Called from the thread that trains; what it does keeps the training waiting."""

    def stepped(self, progress: RunProgress) -> None:
        """After each step."""

    def evaluated(self, step: int, figures: Mapping[str, float], best: Path | None) -> None:
        """After each evaluation; ``best`` is the new best checkpoint, if it is one."""

    def stopping(self) -> bool:
        """Whether to save and stop now; asked after each step."""


class Nobody:
    """Follows nothing and stops nothing."""

    def stepped(self, progress: RunProgress) -> None:
        """Nothing."""

    def evaluated(self, step: int, figures: Mapping[str, float], best: Path | None) -> None:
        """Nothing."""

    def stopping(self) -> bool:
        """Never."""
        return False


NOBODY = Nobody()
