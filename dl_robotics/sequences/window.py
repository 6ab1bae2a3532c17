"""The last steps of live signals, at the model's rate whatever rates they come at."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dl_robotics.data.series.gaps import covered, interpolated
from dl_robotics.data.series.series import Values

NS_PER_S = 1e9
MOST_KEPT = 100_000  # samples of a signal that comes faster than anything a window can use


class Reading(NamedTuple):
    """A sample of one signal.

    :param signal: which of the model's topics it is of.
    :param values: (C,) its fields.
    """

    signal: int
    stamp_ns: int
    values: npt.NDArray[np.float64]


class SignalWindow:
    """Gathers readings by their stamps.

    :param sizes: fields of each signal.
    :param steps: of the window.
    """

    def __init__(self, sizes: Sequence[int], steps: int, rate_hz: float) -> None:
        self._sizes, self._steps, self._rate_hz = sizes, steps, rate_hz
        self._kept: list[deque[Reading]] = [deque(maxlen=MOST_KEPT) for _ in sizes]

    def clear(self) -> None:
        """Forget everything."""
        for readings in self._kept:
            readings.clear()

    def add(self, reading: Reading) -> bool:
        """Take a reading in. One that is not newer than the last of its signal is left out.

        After a jump back of time by more than the window is long, as when a recording begins anew, what was there is
        forgotten.

        :returns: whether the reading is used.
        :raises ValueError: for another number of fields.
        """
        size = self._sizes[reading.signal]
        if reading.values.shape != (size,):
            raise ValueError(f"signal {reading.signal}: expected {size} numbers, got {reading.values.shape}")
        readings = self._kept[reading.signal]
        if readings and reading.stamp_ns <= readings[-1].stamp_ns:
            if readings[-1].stamp_ns - reading.stamp_ns <= self._span_ns():
                return False
            self.clear()
        readings.append(reading)
        self._drop_old(readings)
        return True

    @property
    def newest_ns(self) -> int | None:
        """The last time at which all signals are known; None before each of them has come."""
        return min(readings[-1].stamp_ns for readings in self._kept) if all(self._kept) else None

    def values(self, max_gap_s: float) -> Values | None:
        """(steps, C) up to :attr:`newest_ns`; None while it is not full, or where a signal has a gap.

        :param max_gap_s: over which a signal is interpolated.
        """
        newest_ns = self.newest_ns
        if newest_ns is None:
            return None
        at_s = (np.arange(self._steps) - (self._steps - 1)) / self._rate_hz
        columns = []
        for readings in self._kept:
            # From the newest time on: whole nanoseconds of a clock do not fit a float.
            stamps_s = np.array([reading.stamp_ns - newest_ns for reading in readings]) / NS_PER_S
            if not covered(stamps_s, at_s, max_gap_s).all():
                return None
            columns.append(interpolated(stamps_s, np.stack([reading.values for reading in readings]), at_s))
        return np.concatenate(columns, 1)

    def _span_ns(self) -> float:
        return self._steps / self._rate_hz * NS_PER_S

    def _drop_old(self, readings: deque[Reading]) -> None:
        """Keep one reading from before the window, to interpolate from."""
        newest_ns = self.newest_ns
        while newest_ns is not None and len(readings) > 1 and readings[1].stamp_ns <= newest_ns - self._span_ns():
            readings.popleft()
