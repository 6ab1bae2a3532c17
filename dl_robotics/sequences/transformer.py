"""The encoder of the Transformer (Vaswani et al. 2017), norms first (Xiong et al. 2020)."""

from __future__ import annotations

import math

import torch
from torch import nn

from dl_robotics.sequences.encoder import Encoder

WIDENING = 4  # of the layers between attentions, as in the paper


class TransformerEncoder(Encoder):
    """Layers of self-attention over all steps, or over the earlier ones if ``causal``."""

    def __init__(
        self, inputs: int, hidden: int, layers: int, heads: int = 4, causal: bool = False, dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.embedding = nn.Linear(inputs, hidden)
        self.layers = nn.ModuleList(Layer(hidden, heads, causal, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(hidden)
        self.dropout = nn.Dropout(dropout)
        self.width = hidden

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """See :class:`Encoder`."""
        features = self.embedding(x)
        features = self.dropout(features + positions(x.shape[1], self.width).to(features))
        for layer in self.layers:
            features = layer(features)
        normed: torch.Tensor = self.norm(features)
        return normed


class Layer(nn.Module):
    """Self-attention and two linear layers, each added to what came in: (N, T, hidden) to the same shape."""

    def __init__(self, hidden: int, heads: int, causal: bool, dropout: float) -> None:
        super().__init__()
        self.attention_norm, self.linear_norm = nn.LayerNorm(hidden), nn.LayerNorm(hidden)
        self.projection, self.output = nn.Linear(hidden, 3 * hidden), nn.Linear(hidden, hidden)
        self.linear = nn.Sequential(
            nn.Linear(hidden, WIDENING * hidden), nn.GELU(), nn.Dropout(dropout), nn.Linear(WIDENING * hidden, hidden)
        )
        self.dropout = nn.Dropout(dropout)
        self._heads, self._causal = heads, causal

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Process (N, T, hidden)."""
        x = x + self.dropout(self._attend(self.attention_norm(x)))
        y: torch.Tensor = x + self.dropout(self.linear(self.linear_norm(x)))
        return y

    def _attend(self, x: torch.Tensor) -> torch.Tensor:
        queries, keys, values = (
            part.unflatten(-1, (self._heads, -1)).transpose(1, 2)  # (N, heads, T, hidden / heads)
            for part in self.projection(x).chunk(3, -1)
        )
        found = nn.functional.scaled_dot_product_attention(queries, keys, values, is_causal=self._causal)
        mixed: torch.Tensor = self.output(found.transpose(1, 2).flatten(2))
        return mixed


def positions(length: int, width: int) -> torch.Tensor:
    """(length, width): sines and cosines of each step (section 3.5), wave lengths from 2 pi to 10000 x 2 pi.

    :param width: even.
    """
    rates = torch.exp(torch.arange(0, width, 2) * (-math.log(10_000.0) / width))  # (width / 2,)
    angles = torch.arange(length)[:, None] * rates
    return torch.stack([angles.sin(), angles.cos()], -1).flatten(1)
