"""Frames on their way through a running system, seen from outside: ages, rates, drops."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

NS_PER_S, MS_PER_NS = 1e9, 1e-6


class Arrival(NamedTuple):
    """How old something was when it arrived, and when that was."""

    age_ns: int
    real_ns: int


class Passage:
    """Images and the results that carry their stamps.

    Each arrival is told by two clocks, in nanoseconds: that of the stamps, for ages, and a real one, for all else.
    """

    def __init__(self) -> None:
        self._images: dict[int, Arrival] = {}  # by stamp
        self._results: dict[int, Arrival] = {}

    def saw_image(self, stamp_ns: int, now_ns: int, real_ns: int) -> None:
        """An image has arrived."""
        self._images.setdefault(stamp_ns, Arrival(now_ns - stamp_ns, real_ns))

    def saw_result(self, stamp_ns: int, now_ns: int, real_ns: int) -> None:
        """A result has arrived."""
        self._results.setdefault(stamp_ns, Arrival(now_ns - stamp_ns, real_ns))

    def figures(self) -> dict[str, float]:
        """What has been seen.

        ``age`` is from a result's stamp to its arrival, end to end; ``image age`` the same of images; ``delay`` is from
        an image's arrival to that of its result, in real time. ``dropped`` are images between the first and the last
        result that have none. Times are p50 and p95 in ms; nan where nothing came.
        """
        images, results = self._images, self._results
        both = images.keys() & results.keys()
        return {
            "images": len(images),
            "results": len(results),
            "dropped": self._dropped(),
            "images/s": _rate(images.values()),
            "results/s": _rate(results.values()),
            **_spread("age", [arrival.age_ns for arrival in results.values()]),
            **_spread("image age", [arrival.age_ns for arrival in images.values()]),
            **_spread("delay", [results[stamp].real_ns - images[stamp].real_ns for stamp in both]),
        }

    def _dropped(self) -> int:
        if not self._results:
            return 0
        first, last = min(self._results), max(self._results)
        return sum(first < stamp < last and stamp not in self._results for stamp in self._images)


def _rate(arrivals: Iterable[Arrival]) -> float:
    """Arrivals a second, between the first and the last."""
    times = [arrival.real_ns for arrival in arrivals]
    span_s = (max(times) - min(times)) / NS_PER_S if times else 0.0
    return (len(times) - 1) / span_s if span_s > 0.0 else float("nan")


def _spread(name: str, times_ns: list[int]) -> dict[str, float]:
    """Median and 95th percentile."""
    percentiles = np.percentile(times_ns, [50.0, 95.0]) * MS_PER_NS if times_ns else (np.nan, np.nan)
    return {f"{name} p{rank} (ms)": float(value) for rank, value in zip((50, 95), percentiles, strict=True)}
