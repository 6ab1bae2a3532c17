"""How odd a forecast's error is, among those on normal data (Malhotra et al. 2015)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dl_robotics.data.errors import DataError
from dl_robotics.sequences.config import ErrorStatistics

QUANTILES = 201
FEWEST = 10  # normal sequences, fewer of which say nothing about what is odd
SHRINKAGE = 0.01  # of the covariance towards a multiple of the identity, so that few sequences do (Ledoit & Wolf 2004)

Errors = npt.NDArray[np.float64]


def fit_errors(errors: Sequence[Errors]) -> ErrorStatistics:
    """A Gaussian of the errors on normal data.

    :param errors: n of (horizon, C), in standard deviations of the data.
    :raises DataError: if there are too few.
    """
    if len(errors) < FEWEST:
        raise DataError(f"anomaly: expected {FEWEST} normal sequences or more to measure errors on, got {len(errors)}")
    table = np.stack([error.ravel() for error in errors])  # (n, D)
    mean, size = table.mean(0), table.shape[1]
    covariance = np.cov(table.T).reshape(size, size)
    level = max(float(np.trace(covariance)) / size, np.finfo(np.float32).tiny)
    precision = np.linalg.inv((1.0 - SHRINKAGE) * covariance + SHRINKAGE * level * np.eye(size))
    scores = [_distance(row, mean, precision) for row in table]
    quantiles = np.quantile(scores, np.linspace(0.0, 1.0, QUANTILES))
    return ErrorStatistics(tuple(mean.tolist()), tuple(map(tuple, precision.tolist())), tuple(quantiles.tolist()))


class AnomalyScale:
    """Measures errors by those on normal data."""

    def __init__(self, statistics: ErrorStatistics) -> None:
        self._mean, self._precision = np.array(statistics.mean), np.array(statistics.precision)
        self._quantiles = np.array(statistics.quantiles)

    def score(self, error: Errors) -> float:
        """Distance of an error, (horizon, C), from the normal ones: Mahalanobis', by the root of the dimensions, so
        that normal data have about 1."""
        return _distance(error.ravel(), self._mean, self._precision)

    def rank(self, score: float) -> float:
        """Share of the normal data with a lower score, in [0, 1]."""
        return float(np.interp(score, self._quantiles, np.linspace(0.0, 1.0, len(self._quantiles))))


def _distance(error: Errors, mean: Errors, precision: Errors) -> float:
    off = error - mean
    square = float(off @ precision @ off) / len(off)
    return math.sqrt(max(0.0, square))
