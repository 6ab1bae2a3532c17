"""Multilayer perceptrons."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, TypeAlias

import torch
from torch import nn

ActivationName: TypeAlias = Literal["relu", "tanh"]
OutputName: TypeAlias = Literal["identity", "relu", "tanh"]
ACTIVATIONS: dict[ActivationName, type[nn.Module]] = {"relu": nn.ReLU, "tanh": nn.Tanh}


class MLP(nn.Sequential):
    """Fully connected layers, (..., sizes[0]) to (..., sizes[-1]), with an activation between them.

    Weights start orthogonal (Saxe et al. 2014), scaled by the activation's gain (sqrt(2) for ReLU, He et al. 2015;
    5/3 for tanh); the last layer by ``output_gain``. Biases start at zero.

    :param sizes: width of the input, of each hidden layer and of the output.
    :param activation: between the layers.
    :param output_gain: scale of the last layer's weights.
    :param generator: source of the first weights; torch's global one if none is given.
    :param output: activation after the last layer.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: ActivationName = "relu",
        output_gain: float = 1.0,
        generator: torch.Generator | None = None,
        output: OutputName = "identity",
    ) -> None:
        layers = [nn.Linear(n_in, n_out) for n_in, n_out in pairwise(sizes)]
        hidden_gain = nn.init.calculate_gain(activation)
        for layer in layers:
            nn.init.orthogonal_(layer.weight, output_gain if layer is layers[-1] else hidden_gain, generator)
            nn.init.zeros_(layer.bias)
        modules = [module for layer in layers for module in (layer, ACTIVATIONS[activation]())]
        last = [] if output == "identity" else [ACTIVATIONS[output]()]
        super().__init__(*modules[:-1], *last)
        self.sizes, self.activation, self.output = tuple(sizes), activation, output


class DuellingMLP(nn.Module):
    """Action values from two streams, (..., obs) to (..., actions) (Wang et al. 2016, equation 9).

    Q(s, a) = V(s) + A(s, a) - mean over a' of A(s, a'). The streams part before the last hidden layer, of which each
    has one of its own.

    :param sizes: width of the input, of at least two hidden layers, and the number of actions.
    :param activation: between the layers.
    :param generator: source of the first weights.
    """

    def __init__(
        self, sizes: Sequence[int], activation: ActivationName = "relu", generator: torch.Generator | None = None
    ) -> None:
        super().__init__()
        *shared, hidden, actions = sizes
        gain = nn.init.calculate_gain(activation)
        self.trunk = MLP(shared, activation, gain, generator, output=activation)
        self.value = MLP((shared[-1], hidden, 1), activation, generator=generator)
        self.advantage = MLP((shared[-1], hidden, actions), activation, generator=generator)
        self.sizes = tuple(sizes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Action values."""
        shared = self.trunk(x)
        advantage = self.advantage(shared)
        values: torch.Tensor = self.value(shared) + advantage - advantage.mean(dim=-1, keepdim=True)
        return values


class GaussianMLP(nn.Module):
    """A normal distribution for every input, (..., in) to (..., 2 A): A means, then A logarithms of deviations.

    The deviations do not depend on the input: they are parameters of their own (Schulman et al. 2015, appendix D).

    :param sizes: width of the input, of each hidden layer, and A.
    :param activation: between the layers.
    :param output_gain: scale of the last layer's weights.
    :param generator: source of the first weights.
    :param first_std: the standard deviations at first.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: ActivationName = "tanh",
        output_gain: float = 1.0,
        generator: torch.Generator | None = None,
        first_std: float = 1.0,
    ) -> None:
        super().__init__()
        self.mean = MLP(sizes, activation, output_gain, generator)
        self.log_std = nn.Parameter(torch.full((sizes[-1],), math.log(first_std)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Means and logarithms of the standard deviations, side by side."""
        mean = self.mean(x)
        return torch.cat([mean, self.log_std.expand_as(mean)], dim=-1)
