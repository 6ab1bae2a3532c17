"""From a window of signals to what a model says of it, one class for each goal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import numpy.typing as npt

from dl_robotics.checkpoint import CheckpointError
from dl_robotics.data.series.series import Values
from dl_robotics.inference.backend import Backend, Floats
from dl_robotics.ops.smoothing import softmax
from dl_robotics.sequences.anomaly import AnomalyScale
from dl_robotics.sequences.config import Goal, SequenceConfig
from dl_robotics.sequences.preparation import Preparation
from dl_robotics.sequences.results import UNKNOWN, Anomaly, Forecast, Recognition, Result
from dl_robotics.sequences.scaling import unscaled
from dl_robotics.sequences.settings import SequenceSettings


class Judge(Protocol):
    """Says something of a window; ``steps`` are those that it takes of a stream."""

    steps: int

    def __init__(self, backend: Backend, config: SequenceConfig) -> None: ...

    def __call__(self, values: Values, settings: SequenceSettings) -> Result:
        """Judge (T, C) in the signals' own units.

        :raises ValueError: for another number of channels, or too few steps.
        :raises FloatingPointError: if the network's numbers are not finite: damaged weights.
        """


class Classify:
    """Names what is going on in a clip of any length."""

    def __init__(self, backend: Backend, config: SequenceConfig) -> None:
        self._backend, self._preparation, self.steps = backend, Preparation(config), config.length

    def __call__(self, values: Values, settings: SequenceSettings) -> Recognition:
        """See :class:`Judge`."""
        (logits,) = run(self._backend, self._preparation.whole(values).values)
        return named(softmax(logits), settings)


class Foretell:
    """Says what follows."""

    def __init__(self, backend: Backend, config: SequenceConfig) -> None:
        self._backend, self._preparation, self.steps = backend, Preparation(config), config.length
        period_s = 1.0 / config.rate_hz if config.rate_hz else 1.0
        self._times_s: npt.NDArray[np.float64] = period_s * np.arange(1.0, config.horizon + 1.0)

    def __call__(self, values: Values, settings: SequenceSettings) -> Forecast:
        """See :class:`Judge`; without a rate, times are counted in steps."""
        prepared = self._preparation.history(values)
        (foretold,) = run(self._backend, prepared.values)
        return Forecast(unscaled(foretold, prepared.by), self._times_s)


class Suspect:
    """Says how odd the last steps are, given those before them."""

    def __init__(self, backend: Backend, config: SequenceConfig) -> None:
        if config.errors is None:
            raise CheckpointError("config.errors: expected errors measured by an evaluation, got none")
        self._foretell, self._scale = Foretell(backend, config), AnomalyScale(config.errors)
        self._horizon, self.steps = config.horizon, config.length + config.horizon
        self._std = np.array(config.std)

    def __call__(self, values: Values, settings: SequenceSettings) -> Anomaly:
        """See :class:`Judge`."""
        foretold = self._foretell(values[: -self._horizon], settings)
        score = self._scale.score((foretold.values - values[-self._horizon :]) / self._std)
        rank = self._scale.rank(score)
        return Anomaly(score, rank, rank > settings.alarm_rank)


JUDGES: Mapping[Goal, type[Judge]] = {"classify": Classify, "forecast": Foretell, "anomaly": Suspect}


def run(backend: Backend, values: Values) -> tuple[Floats, ...]:
    """The network's outputs for one sequence, (L, C), without the axis of the batch."""
    outputs = tuple(output[0] for output in backend(np.ascontiguousarray(values[None])))
    if not all(np.isfinite(output).all() for output in outputs):
        raise FloatingPointError("expected finite numbers from the network; its weights are damaged")
    return outputs


def named(probabilities: Floats, settings: SequenceSettings) -> Recognition:
    """The likeliest class, if it is probable enough."""
    likeliest = int(probabilities.argmax())
    sure = probabilities[likeliest] >= settings.min_probability
    return Recognition(probabilities, likeliest if sure else UNKNOWN)
