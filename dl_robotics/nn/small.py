"""A small backbone for robots without a GPU: few, dense convolutions, since processors run those near their peak."""

from __future__ import annotations

import torch
from torch import nn

from dl_robotics.nn.convolution import ConvNormActivation, initialise

STEM = 16
TABLE = ((32, 0), (48, 1), (80, 1), (112, 1))  # channels and residual blocks of each stage


class Residual(nn.Module):
    """Two 3x3 convolutions added to their input (He et al. 2016), (B, channels, H, W) to the same shape."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.block = nn.Sequential(
            ConvNormActivation(channels, channels), ConvNormActivation(channels, channels, activation=None)
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Add what the block finds."""
        return torch.relu(x + self.block(x))


def small_features() -> nn.Sequential:
    """Children ``0`` (stem) and ``1`` to ``4``, each of which halves the size: (B, 3, H, W) to (B, 112, H/32, W/32)."""
    layers: list[nn.Module] = [ConvNormActivation(3, STEM, stride=2)]
    channels = STEM
    for outputs, repeats in TABLE:
        residuals = [Residual(outputs) for _ in range(repeats)]
        layers.append(nn.Sequential(ConvNormActivation(channels, outputs, stride=2), *residuals))
        channels = outputs
    features = nn.Sequential(*layers)
    initialise(features)
    return features
