"""The last seconds of one person, at the rate that a model asks for, from frames that come as they like."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
TOLERANCE = 0.1  # of a period: a frame that is so much early counts for its tick, else jitter would delay that


class Seen(NamedTuple):
    """One person in one frame: the time in s, (J, 3) places, (J,) scores, 0 for a joint that was not seen."""

    time_s: float
    joints: Floats
    scores: Floats


class Window:
    """Samples of a person at times that are whole multiples of a period, the ticks: the same for everybody.

    A tick between two frames is interpolated, joint by joint. Where the frames are too far apart, and for a joint that
    only one of them has, it takes the frame that is within half a period, if one is; else the joint counts as not seen,
    and its place as zero. Ticks before the person came count as not seen, too.

    ``tick`` is the newest one's number.

    :param frames: T, length of the window in ticks.
    :param rate_hz: ticks a second.
    :param num_joints: J.
    """

    def __init__(self, frames: int, rate_hz: float, num_joints: int) -> None:
        self.frames, self.rate_hz = frames, rate_hz
        self._joints = np.zeros((frames, num_joints, 3), np.float32)  # tick k is in row k % T
        self._scores = np.zeros((frames, num_joints), np.float32)
        self._last: Seen | None = None
        self.tick = -1

    def add(self, seen: Seen, max_gap_s: float) -> int:
        """Take in a frame, later than the last one.

        :param max_gap_s: from the last frame, up to which the time between them is interpolated.
        :returns: how many ticks have come to an end with it, which may be none.
        """
        if self._last is None:
            self.tick, self._last = math.ceil(seen.time_s * self.rate_hz - TOLERANCE) - 1, seen
        newest = math.floor(seen.time_s * self.rate_hz + TOLERANCE)
        count = max(newest - self.tick, 0)
        ticks = np.arange(newest - min(count, self.frames) + 1, newest + 1)
        if len(ticks):
            rows = ticks % self.frames
            self._joints[rows], self._scores[rows] = self._sample(ticks / self.rate_hz, self._last, seen, max_gap_s)
            self.tick = newest
        self._last = seen
        return count

    def _sample(
        self, times_s: npt.NDArray[np.float64], one: Seen, two: Seen, max_gap_s: float
    ) -> tuple[Floats, Floats]:
        """(n, J, 3) places and (n, J) scores between two frames, which may be the same."""
        gap_s = two.time_s - one.time_s
        weight = np.clip((times_s - one.time_s) / gap_s, 0.0, 1.0) if gap_s > 0.0 else np.ones_like(times_s)
        later = weight > 0.5
        away_s = np.abs(times_s - np.where(later, two.time_s, one.time_s))
        near = away_s * self.rate_hz <= 0.5 + TOLERANCE
        between = (one.scores > 0.0) & (two.scores > 0.0) & (gap_s <= max_gap_s)  # (J,)
        mixed = np.where(between, weight[:, None], later[:, None]).astype(np.float32)  # (n, J)
        scores = (1.0 - mixed) * one.scores + mixed * two.scores
        scores *= between | near[:, None]
        places = (1.0 - mixed[..., None]) * one.joints + mixed[..., None] * two.joints
        places *= (scores > 0.0)[..., None]
        return places, scores

    def newest(self, count: int) -> tuple[Floats, Floats]:
        """The last ticks, in order.

        :param count: n, at most the window's length.
        :returns: (n, J, 3) places and (n, J) scores.
        """
        rows = np.arange(self.tick - count + 1, self.tick + 1) % self.frames
        return self._joints[rows], self._scores[rows]

    @property
    def filled(self) -> float:
        """Share of the window's ticks in which at least one joint was seen."""
        return float((self._scores > 0.0).any(axis=1).mean())
