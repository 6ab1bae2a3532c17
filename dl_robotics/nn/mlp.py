"""Multilayer perceptron."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, TypeAlias

import torch
from torch import nn

ActivationName: TypeAlias = Literal["relu", "tanh"]
ACTIVATIONS: dict[ActivationName, type[nn.Module]] = {"relu": nn.ReLU, "tanh": nn.Tanh}


class MLP(nn.Sequential):
    """Fully connected layers, (..., sizes[0]) to (..., sizes[-1]), with an activation between them, none at the end.

    Weights start orthogonal (Saxe et al. 2014), scaled by the activation's gain (sqrt(2) for ReLU, He et al. 2015;
    5/3 for tanh); the last layer by ``output_gain``. Biases start at zero.

    :param sizes: width of the input, of each hidden layer and of the output.
    :param activation: between the layers.
    :param output_gain: scale of the last layer's weights.
    :param generator: source of the first weights; torch's global one if none is given.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: ActivationName = "relu",
        output_gain: float = 1.0,
        generator: torch.Generator | None = None,
    ) -> None:
        layers = [nn.Linear(n_in, n_out) for n_in, n_out in pairwise(sizes)]
        hidden_gain = nn.init.calculate_gain(activation)
        for layer in layers:
            nn.init.orthogonal_(layer.weight, output_gain if layer is layers[-1] else hidden_gain, generator)
            nn.init.zeros_(layer.bias)
        modules = [module for layer in layers for module in (layer, ACTIVATIONS[activation]())]
        super().__init__(*modules[:-1])
        self.sizes = tuple(sizes)
