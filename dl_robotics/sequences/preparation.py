"""Signals as the networks take them: the one way that training, evaluation and the stage share."""

from __future__ import annotations

from typing import NamedTuple

from dl_robotics.data.series.series import Values
from dl_robotics.sequences.config import SequenceConfig
from dl_robotics.sequences.scaling import Scaling, Statistics, scaled, stretched


class Prepared(NamedTuple):
    """A sequence for the network.

    :param values: (L, C), scaled.
    :param by: what they were scaled by.
    """

    values: Values
    by: Statistics


class Preparation:
    """Brings sequences to the network's length and scale.

    :param settings: with statistics.
    """

    def __init__(self, settings: SequenceConfig) -> None:
        self._length, self._scaling = settings.length, Scaling(settings)
        self._channels = len(settings.channels)

    @property
    def data(self) -> Statistics:
        """The training data's statistics."""
        return self._scaling.data

    def whole(self, values: Values) -> Prepared:
        """A clip, (T, C) of any length, stretched to the network's.

        :raises ValueError: for another number of channels.
        """
        return self._scaled(stretched(self._checked(values), self._length))

    def history(self, values: Values) -> Prepared:
        """The last steps of a sequence, (T, C).

        :raises ValueError: for another number of channels, or fewer steps than the network takes.
        """
        if len(values) < self._length:
            raise ValueError(f"history: expected {self._length} steps or more, got {len(values)}")
        return self._scaled(self._checked(values)[-self._length :])

    def _scaled(self, values: Values) -> Prepared:
        by = self._scaling.of(values)
        return Prepared(scaled(values, by), by)

    def _checked(self, values: Values) -> Values:
        if values.ndim != 2 or values.shape[1] != self._channels or not len(values):
            raise ValueError(f"values: expected (steps, {self._channels}) numbers, got {values.shape}")
        return values
