"""What changes from step to step, shown to a network beside the signals themselves."""

from __future__ import annotations

import torch

from dl_robotics.sequences.encoder import Encoder


class WithDifferences(Encoder):
    """Shows an encoder (N, T, 2 C): the channels, and how each differs from the step before; 0 at the first step."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder, self.width = encoder, encoder.width

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """See :class:`Encoder`."""
        changes = torch.cat([torch.zeros_like(x[:, :1]), x[:, 1:] - x[:, :-1]], 1)
        features: torch.Tensor = self.encoder(torch.cat([x, changes], 2))
        return features

    def summary(self, features: torch.Tensor) -> torch.Tensor:
        """See :class:`Encoder`."""
        return self.encoder.summary(features)
