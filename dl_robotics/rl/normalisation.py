"""Observations brought to mean 0 and variance 1."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import numpy as np
import torch
from torch import nn

from dl_robotics.rl.learner import Observations

EPSILON = 1e-4  # a spread below is none: such a value is only shifted


class Normaliser:
    """Mean and variance of all observations seen, kept up as batches come (Chan, Golub & LeVeque 1979, equation 2.1).

    Lillicrap et al. (2016) normalise every layer by its minibatch; the inputs, whose units differ, matter most.
    """

    def __init__(self, obs_dim: int) -> None:
        self._count = 0
        self._mean, self._squares = np.zeros(obs_dim), np.zeros(obs_dim)

    @property
    def shift(self) -> Observations:
        """(D,) the mean."""
        return self._mean.astype(np.float32)

    @property
    def scale(self) -> Observations:
        """(D,) one over the standard deviation."""
        spread = np.sqrt(self._squares / max(self._count, 1))
        return np.where(spread > EPSILON, 1.0 / np.maximum(spread, EPSILON), 1.0).astype(np.float32)

    def add(self, obs: Observations) -> None:
        """Take in observations (N, D)."""
        mean, count, total = obs.mean(axis=0, dtype=np.float64), len(obs), self._count + len(obs)
        gap = mean - self._mean
        self._squares += ((obs - mean) ** 2).sum(axis=0) + gap**2 * (self._count * count / total)
        self._mean += gap * (count / total)
        self._count = total

    def __call__(self, obs: Observations) -> Observations:
        """(N, D) normalised."""
        return (obs - self.shift) * self.scale

    def fold(self, first: nn.Linear) -> None:
        """Let a layer that takes normalised observations take plain ones: W (x - m) s + b = (W s) x + b - W s m."""
        with torch.no_grad():
            first.weight.mul_(torch.from_numpy(self.scale))
            first.bias.sub_(first.weight @ torch.from_numpy(self.shift))

    def folded(self, module: nn.Module) -> nn.Module:
        """A copy of a network for normalised observations that takes plain ones."""
        module = deepcopy(module)
        self.fold(next(layer for layer in module.modules() if isinstance(layer, nn.Linear)))
        return module

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies."""
        return {"count": self._count, "mean": self._mean.copy(), "squares": self._squares.copy()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self._count = int(state["count"])
        self._mean[:], self._squares[:] = state["mean"], state["squares"]
