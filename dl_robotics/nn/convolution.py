"""Convolution with normalisation and activation, and squeeze-and-excitation: the parts of the backbones."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import torch
from torch import nn

Norm: TypeAlias = Callable[[int], nn.Module]
Activation: TypeAlias = type[nn.ReLU] | type[nn.ReLU6] | type[nn.Hardswish]


class ConvNormActivation(nn.Sequential):
    """Convolution without bias, normalisation, activation: (B, inputs, H, W) to (B, outputs, ceil(H/s), ceil(W/s)).

    Children are ``0``, ``1``, ``2``, as in torchvision's block of this kind, whose weights load by name.

    :param kernel: side of the kernel, odd; the border is padded with zeros so that stride 1 keeps the size.
    :param stride: s above.
    :param groups: ``inputs`` for a depthwise convolution.
    :param dilation: distance of the kernel's taps.
    :param norm: makes the normalisation of so many channels.
    :param activation: its class; None for a linear block.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int = 3,
        stride: int = 1,
        groups: int = 1,
        dilation: int = 1,
        norm: Norm = nn.BatchNorm2d,
        activation: Activation | None = nn.ReLU,
    ) -> None:
        padding = (kernel - 1) // 2 * dilation
        convolution = nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation, groups, bias=False)
        tail = [] if activation is None else [activation(inplace=True)]
        super().__init__(convolution, norm(outputs), *tail)


class SqueezeExcitation(nn.Module):
    """Weighs each channel by what the whole image shows (Hu et al. 2018), the gate a hard sigmoid (Howard et al. 2019).

    (B, channels, H, W) to the same shape.
    """

    def __init__(self, channels: int, squeezed: int) -> None:
        super().__init__()
        self.fc1 = nn.Conv2d(channels, squeezed, 1)
        self.fc2 = nn.Conv2d(squeezed, channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Scale the channels."""
        pooled = x.mean((2, 3), keepdim=True)  # (B, C, 1, 1)
        gate: torch.Tensor = nn.functional.hardsigmoid(self.fc2(nn.functional.relu(self.fc1(pooled))))
        return x * gate


def round_channels(channels: float, multiple: int = 8) -> int:
    """The multiple nearest to ``channels``, at least one multiple, and never more than a tenth below."""
    rounded = max(multiple, int(channels + multiple / 2) // multiple * multiple)
    return rounded + multiple if rounded < 0.9 * channels else rounded


def initialise(module: nn.Module) -> None:
    """First weights: convolutions as He et al. 2015 (variance kept backwards), no bias, normalisation the identity."""
    for part in module.modules():
        if isinstance(part, nn.Conv2d):
            nn.init.kaiming_normal_(part.weight, mode="fan_out", nonlinearity="relu")
            if part.bias is not None:
                nn.init.zeros_(part.bias)
