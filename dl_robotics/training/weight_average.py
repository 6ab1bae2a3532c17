"""A moving average of a model's weights: steadier than the weights themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn


class WeightAverage:
    """Exponential moving average of weights and of norms' statistics (Tarvainen & Valpola 2017).

    The decay starts small and rises to ``decay``, so that the first weights, which are random, are soon forgotten.
    Whole numbers among the buffers are copied.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self._decay = decay
        self._weights = model.state_dict()  # the model's own tensors
        self.weights = {name: weight.clone() for name, weight in self._weights.items()}

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take the weights after a step, counted from 1, into the average."""
        decay = min(self._decay, step / (10.0 + step))
        for name, weight in self._weights.items():
            if weight.is_floating_point():
                self.weights[name].lerp_(weight, 1.0 - decay)
            else:
                self.weights[name].copy_(weight)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Let the model have the average as its weights for a while."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    @torch.no_grad()
    def _swap(self) -> None:
        for name, weight in self._weights.items():
            kept = weight.clone()
            weight.copy_(self.weights[name])
            self.weights[name].copy_(kept)
