"""Signals in standard deviations: the training data's, or a sequence's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dl_robotics.data.series.series import Series, Values
from dl_robotics.sequences.config import SequenceConfig

STILL = 1e-6  # a deviation below this is that of a channel that never moves
LEAST_OWN = 0.05  # of the training data's deviation: what a sequence at rest is scaled by, instead of its noise


class Statistics(NamedTuple):
    """Mean and standard deviation of each channel, (C,)."""

    mean: Values
    std: Values


def measure(samples: Iterable[Series]) -> Statistics:
    """The statistics of all steps of some samples; a channel that never moves has a deviation of 1."""
    count, total, squares = 0, 0.0, 0.0
    for sample in samples:
        values = sample.values.astype(np.float64)
        count, total, squares = count + len(values), total + values.sum(0), squares + (values**2).sum(0)
    mean = np.asarray(total / count)
    std = np.sqrt(np.maximum(squares / count - mean**2, 0.0))
    still = std <= STILL * np.maximum(1.0, np.abs(mean))
    return Statistics(mean.astype(np.float32), np.where(still, 1.0, std).astype(np.float32))


class Scaling:
    """Scales sequences as settings say."""

    def __init__(self, settings: SequenceConfig) -> None:
        self.data = Statistics(np.array(settings.mean, np.float32), np.array(settings.std, np.float32))
        self._own = settings.scaling == "self"

    def of(self, values: Values) -> Statistics:
        """What a sequence, (T, C), is scaled by."""
        if not self._own:
            return self.data
        return Statistics(values.mean(0), np.maximum(values.std(0), LEAST_OWN * self.data.std))


def scaled(values: Values, by: Statistics) -> Values:
    """(..., C) in standard deviations from the mean."""
    found: Values = ((values - by.mean) / by.std).astype(np.float32)
    return found


def unscaled(values: Values, by: Statistics) -> Values:
    """(..., C) in the signals' own units: the inverse of :func:`scaled`."""
    found: Values = (values * by.std + by.mean).astype(np.float32)
    return found


def stretched(values: Values, length: int) -> Values:
    """(length, C): a clip of any length, from its first step to its last, on the lines between its steps."""
    if len(values) == length:
        return values
    at = np.linspace(0.0, len(values) - 1.0, length)
    lower: npt.NDArray[np.int64] = np.minimum(at.astype(np.int64), max(0, len(values) - 2))
    share = (at - lower)[:, None]
    upper = np.minimum(lower + 1, len(values) - 1)
    found: Values = (values[lower] * (1.0 - share) + values[upper] * share).astype(np.float32)
    return found
