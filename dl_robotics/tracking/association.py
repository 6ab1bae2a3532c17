"""Which observation belongs to which track."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from dl_robotics.tracking.kalman import Array
from dl_robotics.tracking.targets import Indices, Mask

NOBODY = -1


def match(similarity: Array, least: float) -> tuple[Indices, Indices]:
    """Rows and columns of the pairs whose similarities have the greatest sum (Kuhn 1955, the Hungarian method).

    :param similarity: (n, m).
    :param least: what is less alike is no pair.
    """
    alike = similarity >= least
    rows, columns = linear_sum_assignment(np.where(alike, similarity, 0.0), maximize=True)
    pairs = alike[rows, columns]
    return rows[pairs], columns[pairs]


class Pairing:
    """Pairs tracks (rows) and observations (columns) in several rounds; what is paired takes part no more.

    ``partners`` has for each observation its track's row, or ``NOBODY``.

    :param similarity: (n, m).
    """

    def __init__(self, similarity: Array) -> None:
        self._similarity = similarity
        self._free = np.ones(len(similarity), bool)
        self.partners: npt.NDArray[np.intp] = np.full(similarity.shape[1], NOBODY, np.intp)

    @property
    def left_over(self) -> Mask:
        """(n,) tracks without an observation."""
        return self._free

    def add_round(self, tracks: Mask, observations: Mask, least: float, weights: Array | None = None) -> None:
        """Pair some of what is still free.

        :param tracks: (n,) those that take part.
        :param observations: (m,) those that take part.
        :param least: similarity, times the observation's weight.
        :param weights: (m,); by default 1.
        """
        rows = np.flatnonzero(tracks & self._free)
        columns = np.flatnonzero(observations & (self.partners == NOBODY))
        if len(rows) and len(columns):
            similarity = self._similarity[np.ix_(rows, columns)]
            i, j = match(similarity if weights is None else similarity * weights[columns], least)
            self.partners[columns[j]] = rows[i]
            self._free[rows[i]] = False
