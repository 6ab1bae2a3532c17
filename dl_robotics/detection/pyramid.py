"""Feature pyramids (Lin et al. 2017): fine maps learn from coarse ones what they show."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from dl_robotics.nn.convolution import ConvNormActivation, Norm


class FeaturePyramid(nn.Module):
    """Brings all maps to one number of channels and adds to each, enlarged, the next coarser one.

    A fine map of its own sees too little around a place to tell what is there.

    Departure from the paper: normalisation and activation behind each sum, and no further convolution, since the head's
    own follows.

    :param channels: of the maps, finest first.
    :param width: channels of the fused maps.
    """

    def __init__(self, channels: Sequence[int], width: int, norm: Norm) -> None:
        super().__init__()
        self.lateral = nn.ModuleList(
            ConvNormActivation(inputs, width, 1, norm=norm, activation=None) for inputs in channels
        )

    def forward(self, maps: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        """(B, width, H, W) of each map's size, finest first."""
        fused: list[torch.Tensor] = []
        for layer, x in zip(reversed(list(self.lateral)), reversed(list(maps)), strict=True):
            y = layer(x)
            if fused:
                y = y + nn.functional.interpolate(fused[-1], size=y.shape[2:])
            fused.append(torch.relu(y))
        return fused[::-1]
