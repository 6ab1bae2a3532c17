"""What is made of a sequence's features: the scores of classes, or the steps to come."""

from __future__ import annotations

import torch
from torch import nn

from dl_robotics.sequences.config import Pooling
from dl_robotics.sequences.encoder import Encoder


class Classifier(nn.Module):
    """(N, T, inputs) to (N, classes) logits."""

    def __init__(self, encoder: Encoder, pooling: Pooling, classes: int, dropout: float) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(encoder.width, classes))
        self._pooling = pooling

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Classify sequences."""
        features = self.encoder(x)
        logits: torch.Tensor = self.head(self._pooled(features))
        return logits

    def _pooled(self, features: torch.Tensor) -> torch.Tensor:
        if self._pooling == "mean":
            return features.mean(1)
        return features.amax(1) if self._pooling == "max" else self.encoder.summary(features)


class DirectForecaster(nn.Module):
    """(N, T, channels) to the whole horizon at once, (N, horizon, channels).

    Foretold is the change from the last step, so that a network that knows nothing says what the naive baseline says.
    """

    def __init__(self, encoder: Encoder, horizon: int, channels: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = nn.Linear(encoder.width, horizon * channels)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)
        self._shape = (horizon, channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Foretell what follows the sequences."""
        change = self.head(self.encoder.summary(self.encoder(x))).unflatten(-1, self._shape)
        foretold: torch.Tensor = x[:, -1:] + change
        return foretold
