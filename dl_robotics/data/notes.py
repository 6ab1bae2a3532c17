"""What was left out or changed while data were opened: counted, told once."""

from __future__ import annotations

import logging
from collections import Counter

_LOG = logging.getLogger(__name__)


class Notes:
    """Counts by reason, with the first place of each.

    :param where: the bag or folder.
    """

    def __init__(self, where: object) -> None:
        self._where = where
        self._counts: Counter[str] = Counter()
        self._first: dict[str, str] = {}

    def add(self, reason: str, place: str, count: int = 1) -> None:
        """Count something, e.g. ``"boxes clipped to the image"``."""
        if count:
            self._counts[reason] += count
            self._first.setdefault(reason, place)

    def lines(self) -> tuple[str, ...]:
        """One line for each reason."""
        return tuple(f"{count} {reason}, first: {self._first[reason]}" for reason, count in self._counts.items())

    def tell(self) -> tuple[str, ...]:
        """Write the lines to the log as warnings, and return them."""
        for line in self.lines():
            _LOG.warning("%s: %s", self._where, line)
        return self.lines()
