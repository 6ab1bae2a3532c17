"""Times of several things that do the same, side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

MAX_ROUNDS = 200


def measure_ms(calls: Mapping[str, Callable[[], object]], seconds: float, rounds: int = 1) -> dict[str, list[float]]:
    """Call everything in turn, so that a machine whose speed drifts treats all alike.

    The first call of each turn does not count: threads of what ran before may still be spinning.

    :param seconds: after which no round begins any more.
    :param rounds: that are made however long they take.
    :returns: the times of each, in ms, one of a round.
    """
    times_ms: dict[str, list[float]] = {name: [] for name in calls}
    begin_s = time.perf_counter()
    for number in range(MAX_ROUNDS):
        if number >= rounds and time.perf_counter() - begin_s > seconds:
            break
        for name, call in calls.items():
            call()
            started_s = time.perf_counter()
            call()
            times_ms[name].append(1e3 * (time.perf_counter() - started_s))
    return times_ms
