"""MobileNetV2 (Sandler et al. 2018): inverted residuals with linear bottlenecks.

Parameters are named as torchvision names them, so that its weights load.
"""

from __future__ import annotations

import torch
from torch import nn

from dl_robotics.nn.convolution import ConvNormActivation, initialise

# Table 2 of the paper: expansion t, output channels c, repeats n, stride s of the first repeat.
TABLE = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
STEM, LAST = 32, 1280


class LinearBottleneck(nn.Module):
    """Widen, filter each channel, narrow without activation; added to the input where the shape stays (section 3.3)."""

    def __init__(self, inputs: int, outputs: int, stride: int, expansion: int) -> None:
        super().__init__()
        wide = inputs * expansion
        widen = [] if expansion == 1 else [ConvNormActivation(inputs, wide, 1, activation=nn.ReLU6)]
        depthwise = ConvNormActivation(wide, wide, 3, stride, groups=wide, activation=nn.ReLU6)
        self.conv = nn.Sequential(*widen, depthwise, *ConvNormActivation(wide, outputs, 1, activation=None))
        self.is_residual = stride == 1 and inputs == outputs

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(B, inputs, H, W) to (B, outputs, ceil(H/stride), ceil(W/stride))."""
        y: torch.Tensor = self.conv(x)
        return x + y if self.is_residual else y


def mobilenet_v2_features() -> nn.Sequential:
    """The convolutional part, children ``0`` (stem) to ``18``: (B, 3, H, W) to (B, 1280, H/32, W/32)."""
    layers: list[nn.Module] = [ConvNormActivation(3, STEM, stride=2, activation=nn.ReLU6)]
    channels = STEM
    for expansion, outputs, repeats, stride in TABLE:
        for repeat in range(repeats):
            layers.append(LinearBottleneck(channels, outputs, stride if repeat == 0 else 1, expansion))
            channels = outputs
    layers.append(ConvNormActivation(channels, LAST, 1, activation=nn.ReLU6))
    features = nn.Sequential(*layers)
    initialise(features)
    return features
