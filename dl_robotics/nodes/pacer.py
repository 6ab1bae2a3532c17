"""When simulated time may move on: an absolute schedule on a steady clock, at any multiple of real time."""

from __future__ import annotations

from dataclasses import dataclass

MAX_LAG_S = 0.1  # wall time that is caught up after a stall; more than this is given up
UNLIMITED = 1 << 30  # ticks


class Pacer:
    """Counts the ticks that are due; times are wall seconds of a steady clock.

    :param tick_s: simulated seconds of one tick.
    :param real_time_factor: simulated seconds per wall second; 0 is as fast as possible.
    """

    def __init__(self, tick_s: float, real_time_factor: float, now_s: float) -> None:
        self.tick_s = tick_s
        self.restart(real_time_factor, now_s)
        self._reported_s, self._reported_ticks, self._ticks = now_s, 0, 0

    def restart(self, real_time_factor: float, now_s: float) -> None:
        """Begin a new schedule: after a pause, or at another pace."""
        self.real_time_factor = real_time_factor
        self._anchor_s, self._done = now_s, 0

    @property
    def period_s(self) -> float:
        """Wall seconds between ticks; 0 where the pace is not limited."""
        return self.tick_s / self.real_time_factor if self.real_time_factor > 0.0 else 0.0

    def due(self, now_s: float) -> int:
        """Ticks to simulate now."""
        if self.real_time_factor == 0.0:
            return UNLIMITED
        lag_s = now_s - self._anchor_s - self._done * self.period_s
        if lag_s > MAX_LAG_S:
            self.restart(self.real_time_factor, now_s - MAX_LAG_S)
            lag_s = MAX_LAG_S
        return int(lag_s / self.period_s + 1e-6)  # a tick due this instant counts

    def advanced(self, ticks: int) -> None:
        """Tell that this many ticks were simulated."""
        self._done += ticks
        self._ticks += ticks

    def achieved(self, now_s: float) -> float:
        """Simulated seconds per wall second since the last call."""
        wall_s, ticks = now_s - self._reported_s, self._ticks - self._reported_ticks
        self._reported_s, self._reported_ticks = now_s, self._ticks
        return ticks * self.tick_s / wall_s if wall_s > 0.0 else 0.0


@dataclass(frozen=True)
class Schedule:
    """Something done at a rate of simulated time, counted in ticks."""

    rate_hz: float
    tick_s: float

    def is_due(self, tick: int) -> bool:
        """Whether a period ends in this tick."""
        return self._periods(tick) > self._periods(tick - 1)

    def _periods(self, tick: int) -> int:
        return int(tick * self.tick_s * self.rate_hz + 1e-6)  # a period that ends this instant counts
