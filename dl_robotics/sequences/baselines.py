"""Forecasts that need no learning: what every learned one is told beside (Hyndman & Athanasopoulos 2021, ch. 5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

import numpy as np
import numpy.typing as npt

from dl_robotics.data.series.series import Series, Values
from dl_robotics.sequences.config import SequenceConfig

Forecaster = Callable[[Values], Values]  # (L, C) history to (horizon, C)


def naive(history: Values, horizon: int) -> Values:
    """The last step again and again."""
    return np.repeat(history[-1:], horizon, 0)


def moving_average(history: Values, horizon: int, steps: int) -> Values:
    """The mean of the last ``steps`` steps again and again."""
    return np.repeat(history[-steps:].mean(0, keepdims=True), horizon, 0)


def seasonal(history: Values, horizon: int, period: int) -> Values:
    """The last period again and again: step h is that of ``period`` steps before, or of as many periods as it takes.

    :param period: at most the length of the history.
    """
    return history[-period:][np.arange(horizon) % period]


def baselines(settings: SequenceConfig) -> Mapping[str, Forecaster]:
    """The baselines by name, for a model's horizon; the moving average is over as many steps as are foretold."""
    horizon = settings.horizon
    return {
        "naive": partial(naive, horizon=horizon),
        "moving_average": partial(moving_average, horizon=horizon, steps=max(2, min(horizon, settings.length))),
        "seasonal": partial(seasonal, horizon=horizon, period=max(1, settings.seasonal_period)),
    }


def find_period(samples: Iterable[Series], longest: int) -> int:
    """The lag of the strongest autocorrelation, averaged over samples and channels, after it has first crossed zero.

    So the short lags at which everything smooth resembles itself do not count. Where nothing ever crosses zero there is
    no season, and the period is 1: the seasonal baseline is the naive one then.

    :param longest: period that is looked for, in steps.
    """
    correlations = [_autocorrelation(sample.values, longest) for sample in samples]
    mean: npt.NDArray[np.float64] = np.mean(correlations, 0)
    below = np.flatnonzero(mean <= 0.0)
    if not len(below) or not (mean[below[0] :] > 0.0).any():
        return 1
    return int(below[0] + mean[below[0] :].argmax())


def _autocorrelation(values: Values, longest: int) -> npt.NDArray[np.float64]:
    """(longest + 1,) mean over the channels of the autocorrelation at each lag; zero beyond the length."""
    centred = values.astype(np.float64) - values.mean(0)
    spectrum = np.abs(np.fft.rfft(centred, 2 * len(centred), axis=0)) ** 2
    products = np.fft.irfft(spectrum, axis=0)[: longest + 1]  # (lags, C)
    found = np.zeros(longest + 1)
    found[: len(products)] = (products / np.maximum(products[0], np.finfo(np.float64).tiny)).mean(1)
    return found
