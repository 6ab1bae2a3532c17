"""Holds simulated time back for a controller that is not done yet, so that speed does not change what it achieves.

At 20 times real time a controller that needs 5 ms would act 100 ms late. Faster than real time the simulator therefore
waits for the command that answers a scan, within limits, from a controller that has been answering.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

SCANS = 1000  # whose stamps are kept, so that a late answer to one of them is known for what it is


class CommandGate:
    """Says whether simulated time may go on. All stamps are simulated time, ns.

    :param latency_ns: how long after a scan its command may come without a wait.
    :param wait_s: wall time after which a command is no longer waited for, until the next one comes by itself.
    :param gave_up: called when that happens.
    :param command_first: whether time stands still until the first command.
    """

    def __init__(
        self, latency_ns: int, wait_s: float, gave_up: Callable[[], None], *, command_first: bool = False
    ) -> None:
        self.latency_ns, self.wait_s, self._gave_up = latency_ns, wait_s, gave_up
        self._begun = not command_first
        self._scans = deque[int](maxlen=SCANS)
        self._answering = self._telling = False
        self._unanswered_ns: int | None = None
        self._waiting_since_s: float | None = None

    def scanned(self, stamp_ns: int) -> None:
        """A scan has been sent."""
        self._scans.append(stamp_ns)
        if self._answering and self._unanswered_ns is None:
            self._unanswered_ns = stamp_ns

    def commanded(self, stamp_ns: int = 0) -> None:
        """A command has come.

        :param stamp_ns: which it bears, 0 for none. That of a scan other than the newest makes it a late answer to
            that scan, and the newest is still to be answered; one that no scan bears says nothing.
        """
        self._telling = stamp_ns != 0 and stamp_ns in self._scans
        late = self._telling and stamp_ns != self._scans[-1]
        self._begun, self._answering, self._waiting_since_s = True, True, None
        self._unanswered_ns = self._scans[-1] if late else None

    def reset(self) -> None:
        """Expect nothing until the next command; from a controller that tells what it answers, until the next scan."""
        self._answering = self._answering and self._telling
        self._unanswered_ns = self._waiting_since_s = None

    def is_open(self, stamp_ns: int, now_s: float) -> bool:
        """Whether the simulation may go on from this instant, at this wall time."""
        if not self._begun:
            return False
        if self._unanswered_ns is None or stamp_ns - self._unanswered_ns < self.latency_ns:
            return True
        if self._waiting_since_s is None:
            self._waiting_since_s = now_s
        if now_s - self._waiting_since_s < self.wait_s:
            return False
        self._answering, self._unanswered_ns, self._waiting_since_s = False, None, None
        self._gave_up()
        return True
