"""Tracks: numbers that things keep from frame to frame."""

from __future__ import annotations

from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from dl_robotics.tracking.association import NOBODY, Pairing
from dl_robotics.tracking.kalman import Array
from dl_robotics.tracking.settings import TrackerSettings
from dl_robotics.tracking.targets import Indices, Mask, Targets

S_PER_NS = 1e-9
UNTRACKED = 0  # the number of what has no track, and of a track that is not yet told of

_TRACK = np.dtype([("number", np.int64), ("label", np.int64), ("hits", np.int64), ("seen_ns", np.int64)])

Observed = TypeVar("Observed")
Labels = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int64]


class Tracks(Generic[Observed]):
    """Gives each observation the number of its track, online: what comes later changes nothing.

    A track begins with an observation that fits no other. It gets its number, and is told of, once it was seen in some
    frames in a row; in the first frame at once. It ends when it was not seen for some time, or, without a number, in a
    frame. No number is given twice.

    :param targets: empty; will know where the things of the tracks are expected.
    """

    def __init__(self, targets: Targets[Observed]) -> None:
        self._targets = targets
        self._tracks = np.zeros(0, _TRACK)
        self._stamp_ns: int | None = None
        self._last_ns: int | None = None  # the stamp of the frame before
        self._numbers = 0

    def __call__(
        self, observed: Observed, scores: Array, labels: Labels, stamp_ns: int, told: TrackerSettings
    ) -> Numbers:
        """Take in a frame.

        :param scores: (m,) in [0, 1].
        :param labels: (m,) class ids.
        :param stamp_ns: the frame's. One that is earlier than the last by more than tracks are kept means that time
            was set back, as a recording does that begins again: all tracks end.
        :returns: (m,) numbers of tracks, 1 or more; 0 for what has none.
        :raises ValueError: for a stamp that is otherwise not later than the last.
        """
        hits = self._go_on(stamp_ns, told)
        partners = self._associate(observed, scores, labels, told)
        seen = np.flatnonzero(partners != NOBODY)
        born = np.flatnonzero((partners == NOBODY) & (scores >= told.birth_score))
        self._see(observed, seen, partners[seen], told)
        self._begin(observed, born, labels, told)
        rows = np.concatenate([partners[seen], len(self._tracks) - len(born) + np.arange(len(born))])
        self._tell(rows, hits)
        numbers = np.full(len(scores), UNTRACKED, np.int64)
        numbers[np.concatenate([seen, born])] = self._tracks["number"][rows]
        self._keep((self._tracks["number"] != UNTRACKED) | (self._tracks["seen_ns"] == stamp_ns))
        return numbers

    def rows(self, numbers: Numbers) -> Indices:
        """(n,) rows of the targets that belong to tracks of the last frame.

        :param numbers: (n,) of tracks that were seen in it.
        """
        return np.nonzero(self._tracks["number"] == numbers[:, None])[1]

    def _go_on(self, stamp_ns: int, told: TrackerSettings) -> int:
        """Let time pass.

        :returns: after how many hits a track is told of in this frame.
        """
        last_ns, kept_ns = self._stamp_ns, told.max_lost_s / S_PER_NS
        if last_ns is None or last_ns - stamp_ns > kept_ns:
            self._keep(np.zeros(len(self._tracks), bool))
        elif stamp_ns <= last_ns:
            raise ValueError(f"stamp: expected later than the last frame's {last_ns} ns, got {stamp_ns} ns")
        else:
            self._keep(stamp_ns - self._tracks["seen_ns"] <= kept_ns)
            self._targets.predict((stamp_ns - last_ns) * S_PER_NS, told)
        self._stamp_ns, self._last_ns = stamp_ns, last_ns
        return 1 if last_ns is None else told.min_hits

    def _associate(self, observed: Observed, scores: Array, labels: Labels, told: TrackerSettings) -> Indices:
        """(m,) the row of each observation's track, in the three rounds of ByteTrack."""
        similarity = self._targets.similarity(observed, told)
        if told.class_aware:
            similarity = np.where(self._tracks["label"][:, None] == labels, similarity, 0.0)
        told_of = self._tracks["number"] != UNTRACKED
        in_sight = self._tracks["seen_ns"] == self._last_ns
        high, low = scores >= told.high_score, scores >= told.low_score
        pairing = Pairing(similarity)
        pairing.add_round(told_of, high, told.min_similarity, scores)
        pairing.add_round(told_of & in_sight, low, told.min_similarity_low)
        pairing.add_round(~told_of, high, told.min_similarity, scores)
        return pairing.partners

    def _see(self, observed: Observed, seen: Indices, rows: Indices, told: TrackerSettings) -> None:
        self._targets.correct(rows, observed, seen, told)
        self._tracks["hits"][rows] += 1
        self._tracks["seen_ns"][rows] = self._stamp_ns

    def _begin(self, observed: Observed, born: Indices, labels: Labels, told: TrackerSettings) -> None:
        self._targets.begin(observed, born, told)
        tracks = np.zeros(len(born), _TRACK)
        tracks["label"], tracks["hits"], tracks["seen_ns"] = labels[born], 1, self._stamp_ns
        self._tracks = np.concatenate([self._tracks, tracks])

    def _tell(self, rows: Indices, hits: int) -> None:
        """Number those tracks that were seen often enough."""
        new = rows[(self._tracks["number"][rows] == UNTRACKED) & (self._tracks["hits"][rows] >= hits)]
        self._tracks["number"][new] = self._numbers + 1 + np.arange(len(new))
        self._numbers += len(new)

    def _keep(self, kept: Mask) -> None:
        if not kept.all():
            self._tracks = self._tracks[kept]
            self._targets.keep(kept)
