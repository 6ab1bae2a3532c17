"""Probabilities over time: a low pass by stamp, whatever rate they come at."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Probabilities = npt.NDArray[np.float32]


class Smoothed:
    """An exponential mean: after a step of its input it has come through by 1 - 1/e once the time constant is over.

    ``value`` is (C,) probabilities, which sum to 1; None before the first.
    """

    def __init__(self) -> None:
        self.value: Probabilities | None = None
        self._time_s = 0.0

    def forget(self) -> None:
        """Begin anew."""
        self.value = None

    def add(self, probabilities: Probabilities, time_s: float, constant_s: float) -> None:
        """Take in what was recognised at a time.

        :param probabilities: (C,), which sum to 1.
        :param time_s: not before the last one's.
        :param constant_s: time constant; 0 for no smoothing. The first value counts in full.
        """
        if self.value is None or constant_s == 0.0:
            self.value = probabilities
        else:
            kept = math.exp(-(time_s - self._time_s) / constant_s)
            self.value = (kept * self.value + (1.0 - kept) * probabilities).astype(np.float32)
        self._time_s = time_s


def softmax(logits: npt.NDArray[np.float32]) -> Probabilities:
    """Probabilities of (C,) logits."""
    powers = np.exp(logits - logits.max())
    return np.asarray(powers / powers.sum(), np.float32)
