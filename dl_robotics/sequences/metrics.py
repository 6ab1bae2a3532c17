"""Figures of merit of forecasts and anomaly scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

Errors = npt.NDArray[np.float64]


def auroc(scores: Sequence[float], odd: Sequence[bool]) -> float:
    """The probability that an odd sample scores higher than a normal one, ties counting half (Hanley & McNeil 1982).

    :returns: in [0, 1]; nan without samples of both kinds.
    """
    truth = np.asarray(odd, np.bool_)
    positives, negatives = int(truth.sum()), int((~truth).sum())
    if not positives or not negatives:
        return float("nan")
    ranks = rankdata(scores)
    return float((ranks[truth].sum() - positives * (positives + 1) / 2.0) / (positives * negatives))


class ForecastErrors:
    """Gathers errors of forecasts, all in one unit."""

    def __init__(self) -> None:
        self._absolute: list[Errors] = []
        self._squared: list[Errors] = []

    def add(self, error: Errors) -> None:
        """Add a forecast's error, (horizon, C)."""
        self._absolute.append(np.abs(error))
        self._squared.append(error**2)

    def mae(self) -> float:
        """Mean absolute error; nan without forecasts."""
        return float(np.mean(self._absolute)) if self._absolute else float("nan")

    def rmse(self) -> float:
        """Root of the mean squared error; nan without forecasts."""
        return float(np.sqrt(np.mean(self._squared))) if self._squared else float("nan")

    def by_step(self) -> Errors:
        """(horizon,) mean absolute error of each step ahead."""
        steps: Errors = np.mean(self._absolute, (0, 2))
        return steps
