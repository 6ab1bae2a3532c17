"""How sure a figure is: intervals of rates and means, and tests of paired outcomes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

CONFIDENCE = 0.95
RESAMPLES = 2000


class Interval(NamedTuple):
    """A figure and the interval that holds the truth with a probability of :data:`CONFIDENCE`; NaN where unknown."""

    value: float
    low: float
    high: float


UNKNOWN = Interval(float("nan"), float("nan"), float("nan"))


def wilson(successes: int, trials: int) -> Interval:
    """A rate with its score interval (Wilson 1927): never empty, never outside [0, 1], also at 0 and all."""
    if trials == 0:
        return UNKNOWN
    bounds = binomtest(successes, trials).proportion_ci(CONFIDENCE, method="wilson")
    return Interval(successes / trials, float(bounds.low), float(bounds.high))


def mcnemar(only_first: int, only_second: int) -> float:
    """Probability of pairs as unequal as these if both did equally well (McNemar 1947, exact, two-sided).

    :param only_first: pairs in which only the first one succeeded.
    :param only_second: pairs in which only the second one did.
    """
    unequal = only_first + only_second
    return float(binomtest(only_first, unequal).pvalue) if unequal else 1.0


def bootstrap_mean(values: npt.NDArray[np.float64], seed: int = 0) -> Interval:
    """A mean with its percentile interval over resamples (Efron 1979).

    :param values: (n,) independent ones, e.g. differences of pairs.
    """
    if len(values) == 0:
        return UNKNOWN
    rng = np.random.default_rng(seed)
    means = [values[rng.integers(len(values), size=len(values))].mean() for _ in range(RESAMPLES)]
    low, high = np.quantile(means, [(1.0 - CONFIDENCE) / 2.0, (1.0 + CONFIDENCE) / 2.0])
    return Interval(float(values.mean()), float(low), float(high))
