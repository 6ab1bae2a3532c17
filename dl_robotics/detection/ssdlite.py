"""SSDlite on MobileNetV3-Large (Sandler et al. 2018; Howard et al. 2019, section 6.3).

Parameters are named as torchvision names them, so that its weights load.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import torch
from torch import nn

from dl_robotics.detection.ssd import halving_block, initialise
from dl_robotics.nn.convolution import Norm
from dl_robotics.nn.mobilenet_v3 import InvertedResidual, mobilenet_v3_large_features

NORM: Norm = partial(nn.BatchNorm2d, eps=1e-3, momentum=0.03)
CHANNELS = (672, 480, 512, 256, 256, 128)  # of the six maps
C4 = 13  # the block whose widened input, still at stride 16, is the first map


class MobileNetFeatures(nn.Module):
    """MobileNetV3-Large with half as many channels at its end, cut within a block, and four smaller maps behind it."""

    def __init__(self) -> None:
        super().__init__()
        features = mobilenet_v3_large_features(reduced_tail=True, norm=NORM)
        initialise(features)
        layers = list(features)
        cut = layers[C4]
        if not isinstance(cut, InvertedResidual):
            raise TypeError(f"layer {C4}: expected an inverted residual, got {type(cut).__name__}")
        self.features = nn.Sequential(
            nn.Sequential(*layers[:C4], cut.block[0]), nn.Sequential(cut.block[1:], *layers[C4 + 1 :])
        )
        self.extra = nn.ModuleList(halving_block(a, b, NORM, separable=True) for a, b in pairwise(CHANNELS[1:]))
        initialise(self.extra)

    def forward(self, images: torch.Tensor) -> list[torch.Tensor]:
        """Six maps."""
        x = images
        maps = []
        for layer in (*self.features, *self.extra):
            x = layer(x)
            maps.append(x)
        return maps
