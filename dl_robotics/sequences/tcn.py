"""Temporal convolution (Bai, Kolter & Koltun 2018): residual blocks of dilated convolutions along time."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from dl_robotics.sequences.encoder import Encoder


class TemporalConvolution(Encoder):
    """Blocks whose taps lie ``dilation ** block`` steps apart.

    Departures from the paper: batch norm instead of weight norm, convolutions of several sizes side by side in a block
    (after InceptionTime, Ismail Fawaz et al. 2020), and both sides of a step in view unless ``causal``.

    :param kernels: odd sizes, which share the hidden features evenly.
    """

    def __init__(
        self,
        inputs: int,
        hidden: int,
        layers: int,
        kernels: Sequence[int] = (3,),
        dilation: int = 2,
        causal: bool = False,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.blocks = nn.Sequential(
            *(
                ResidualBlock(hidden if block else inputs, hidden, kernels, dilation**block, causal, dropout)
                for block in range(layers)
            )
        )
        self.width = hidden

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """See :class:`Encoder`."""
        features: torch.Tensor = self.blocks(x.transpose(1, 2)).transpose(1, 2)
        return features


class ResidualBlock(nn.Module):
    """Twice convolution, norm, ReLU and dropout; what came in is added: (N, inputs, T) to (N, outputs, T)."""

    def __init__(
        self, inputs: int, outputs: int, kernels: Sequence[int], dilation: int, causal: bool, dropout: float
    ) -> None:
        super().__init__()
        self.body = nn.Sequential(
            Branches(inputs, outputs, kernels, dilation, causal),
            nn.BatchNorm1d(outputs),
            nn.ReLU(),
            nn.Dropout1d(dropout),  # whole channels, as in the paper
            Branches(outputs, outputs, kernels, dilation, causal),
            nn.BatchNorm1d(outputs),
        )
        self.shortcut = nn.Identity() if inputs == outputs else nn.Conv1d(inputs, outputs, 1)
        self.end = nn.Sequential(nn.ReLU(), nn.Dropout1d(dropout))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Process (N, inputs, T)."""
        y: torch.Tensor = self.end(self.body(x) + self.shortcut(x))
        return y


class Branches(nn.Module):
    """Convolutions of several sizes side by side: (N, inputs, T) to (N, outputs, T)."""

    def __init__(self, inputs: int, outputs: int, kernels: Sequence[int], dilation: int, causal: bool) -> None:
        super().__init__()
        share = outputs // len(kernels)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(inputs, share, size, dilation=dilation, bias=False) for size in kernels
        )
        spans = [(size - 1) * dilation for size in kernels]
        self._pads = [(span, 0) if causal else (span // 2, span // 2) for span in spans]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Convolve (N, inputs, T)."""
        pairs = zip(self.convolutions, self._pads, strict=True)
        return torch.cat([convolve(nn.functional.pad(x, pad)) for convolve, pad in pairs], 1)
