"""The one interface of all sequence networks."""

from __future__ import annotations

from abc import abstractmethod

import torch
from torch import nn


class Encoder(nn.Module):
    """(N, T, inputs) to features of every step, (N, T, ``width``)."""

    width: int

    @abstractmethod
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Encode sequences of any length."""

    def summary(self, features: torch.Tensor) -> torch.Tensor:
        """(N, width): what the features of all steps, (N, T, width), say of the whole sequence."""
        return features[:, -1]
