"""Results of a running stage beside the ground truth of the same images."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

WAITING = 64  # frames, of either side, that may wait for their other half

T = TypeVar("T")


class TruthPairs(Generic[T]):
    """Joins truth and results by stamp, whichever comes first.

    :param add: takes truth and result.
    """

    def __init__(self, add: Callable[[T, T], None]) -> None:
        self._add = add
        self._truths: OrderedDict[int, T] = OrderedDict()
        self._results: OrderedDict[int, T] = OrderedDict()

    def truth(self, stamp_ns: int, what: T) -> None:
        """The truth of an image."""
        if (result := self._results.pop(stamp_ns, None)) is not None:
            self._add(what, result)
        else:
            _keep(self._truths, stamp_ns, what)

    def result(self, stamp_ns: int, what: T) -> None:
        """A stage's result."""
        if (truth := self._truths.pop(stamp_ns, None)) is not None:
            self._add(truth, what)
        else:
            _keep(self._results, stamp_ns, what)


def _keep(waiting: OrderedDict[int, T], stamp_ns: int, what: T) -> None:
    waiting[stamp_ns] = what
    if len(waiting) > WAITING:
        waiting.popitem(last=False)
