"""Holds simulated time back for a controller that is not done yet, so that speed does not change what it achieves.

At 20 times real time a controller that needs 5 ms would act 100 ms late. Faster than real time the simulator therefore
waits for the command that answers a scan, within limits, from a controller that has been answering.
"""

from __future__ import annotations

from collections.abc import Callable


class CommandGate:
    """Says whether the next tick may be simulated.

    :param latency_ticks: how long after a scan its command may come without a wait.
    :param wait_s: wall time after which a command is no longer waited for, until the next one comes by itself.
    :param gave_up: called when that happens.
    """

    def __init__(self, latency_ticks: int, wait_s: float, gave_up: Callable[[], None]) -> None:
        self.latency_ticks, self.wait_s, self._gave_up = latency_ticks, wait_s, gave_up
        self._answering = False
        self._scanned_tick: int | None = None
        self._waiting_since_s: float | None = None

    def scanned(self, tick: int) -> None:
        """A scan has been sent."""
        if self._answering and self._scanned_tick is None:
            self._scanned_tick = tick

    def commanded(self) -> None:
        """A command has come."""
        self._answering = True
        self._scanned_tick = self._waiting_since_s = None

    def reset(self) -> None:
        """Expect nothing until the next command."""
        self._answering = False
        self._scanned_tick = self._waiting_since_s = None

    def is_open(self, tick: int, now_s: float) -> bool:
        """Whether the simulation may go on from this tick, at this wall time."""
        if self._scanned_tick is None or tick - self._scanned_tick < self.latency_ticks:
            return True
        if self._waiting_since_s is None:
            self._waiting_since_s = now_s
        if now_s - self._waiting_since_s < self.wait_s:
            return False
        self.reset()
        self._gave_up()
        return True
