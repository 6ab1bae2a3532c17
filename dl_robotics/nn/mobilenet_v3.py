"""MobileNetV3-Large (Howard et al. 2019). Parameters are named as torchvision names them, so that its weights load."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import torch
from torch import nn

from dl_robotics.nn.convolution import (
    Activation,
    ConvNormActivation,
    Norm,
    SqueezeExcitation,
    initialise,
    round_channels,
)

NORM: Norm = partial(nn.BatchNorm2d, eps=1e-3, momentum=0.01)
STEM = 16
WIDENING = 6  # of the last convolution


class Bottleneck(NamedTuple):
    """One row of the paper's table 1."""

    kernel: int
    wide: int
    outputs: int
    excited: bool
    activation: Activation
    stride: int
    dilation: int = 1


def table(dilated: bool = False, reduced_tail: bool = False) -> tuple[Bottleneck, ...]:
    """The rows of the paper's table 1 between stem and last convolution.

    :param dilated: the last three keep stride 16 and look twice as far instead, for segmentation (section 6.4).
    :param reduced_tail: the last three have half the channels, for detection (section 6.3).
    """
    dilation = 2 if dilated else 1
    stride = 1 if dilated else 2
    share = 2 if reduced_tail else 1
    relu, swish = nn.ReLU, nn.Hardswish
    return (
        Bottleneck(3, 16, 16, False, relu, 1),
        Bottleneck(3, 64, 24, False, relu, 2),
        Bottleneck(3, 72, 24, False, relu, 1),
        Bottleneck(5, 72, 40, True, relu, 2),
        Bottleneck(5, 120, 40, True, relu, 1),
        Bottleneck(5, 120, 40, True, relu, 1),
        Bottleneck(3, 240, 80, False, swish, 2),
        Bottleneck(3, 200, 80, False, swish, 1),
        Bottleneck(3, 184, 80, False, swish, 1),
        Bottleneck(3, 184, 80, False, swish, 1),
        Bottleneck(3, 480, 112, True, swish, 1),
        Bottleneck(3, 672, 112, True, swish, 1),
        Bottleneck(5, 672, 160 // share, True, swish, stride, dilation),
        Bottleneck(5, 960 // share, 160 // share, True, swish, 1, dilation),
        Bottleneck(5, 960 // share, 160 // share, True, swish, 1, dilation),
    )


class InvertedResidual(nn.Module):
    """Widen, filter each channel, excite, narrow: the children of ``block``, in this order, those that the row has.

    :param inputs: channels that come in.
    :param row: its shape.
    """

    def __init__(self, inputs: int, row: Bottleneck, norm: Norm = NORM) -> None:
        super().__init__()
        wide, activation = row.wide, row.activation
        layers: list[nn.Module] = []
        if wide != inputs:
            layers.append(ConvNormActivation(inputs, wide, 1, norm=norm, activation=activation))
        layers.append(ConvNormActivation(wide, wide, row.kernel, row.stride, wide, row.dilation, norm, activation))
        if row.excited:
            layers.append(SqueezeExcitation(wide, round_channels(wide / 4)))
        layers.append(ConvNormActivation(wide, row.outputs, 1, norm=norm, activation=None))
        self.block = nn.Sequential(*layers)
        self.is_residual = row.stride == 1 and inputs == row.outputs

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(B, inputs, H, W) to (B, outputs, ceil(H/stride), ceil(W/stride))."""
        y: torch.Tensor = self.block(x)
        return x + y if self.is_residual else y


def mobilenet_v3_large_features(dilated: bool = False, reduced_tail: bool = False, norm: Norm = NORM) -> nn.Sequential:
    """The convolutional part: children ``0`` (stem), ``1`` to ``15`` (the table) and ``16`` (last convolution).

    (B, 3, H, W) to (B, 960, H/32, W/32); H/16 where ``dilated``, 480 channels where ``reduced_tail``.
    """
    layers: list[nn.Module] = [ConvNormActivation(3, STEM, stride=2, norm=norm, activation=nn.Hardswish)]
    channels = STEM
    for row in table(dilated, reduced_tail):
        layers.append(InvertedResidual(channels, row, norm))
        channels = row.outputs
    layers.append(ConvNormActivation(channels, WIDENING * channels, 1, norm=norm, activation=nn.Hardswish))
    features = nn.Sequential(*layers)
    initialise(features)
    return features
