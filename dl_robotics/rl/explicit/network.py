"""What learners know of a network, and how a module gets its form that learns."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from torch import nn

from dl_robotics.nn.mlp import MLP, DuellingMLP, GaussianMLP
from dl_robotics.ops.compiled import compiled
from dl_robotics.rl.explicit.autograd import AutogradNetwork
from dl_robotics.rl.explicit.duelling import ExplicitDuelling
from dl_robotics.rl.explicit.flat import Array
from dl_robotics.rl.explicit.gaussian import ExplicitGaussian
from dl_robotics.rl.explicit.mlp import ExplicitMLP


class Network(Protocol):
    """A network whose parameters and gradients are flat arrays, ``values`` and ``gradients`` (P,)."""

    values: Array
    gradients: Array

    @property
    def module(self) -> nn.Module:
        """The torch module that shares the parameters' memory."""

    def forward(self, x: Array) -> Array:
        """(B, in) to (B, out); the result may be overwritten by the next pass."""

    def backward(self, slope: Array) -> None:
        """Set ``gradients`` from the loss's slope (B, out), which may be overwritten, at the last output."""

    def backward_to_input(self, slope: Array, learns: bool = False) -> Array:
        """The loss's slope (B, in) at the last input; sets ``gradients``, too, if it ``learns``."""


def learning_form(module: nn.Module) -> Network:
    """Explicit for multilayer perceptrons, by autograd for anything else; the module's memory becomes the network's.

    :param module: float32 on the CPU.
    """
    if isinstance(module, MLP):
        return ExplicitMLP(module)
    if isinstance(module, DuellingMLP):
        return ExplicitDuelling(module)
    if isinstance(module, GaussianMLP):
        return ExplicitGaussian(module)
    return AutogradNetwork(module)


def copy_parameters(source: Network, target: Network) -> None:
    """Let the target be the source."""
    np.copyto(target.values, source.values)


def track(source: Network, target: Network, rate: float) -> None:
    """target <- rate * source + (1 - rate) * target, the soft update of Lillicrap et al. (2016)."""
    _track(source.values, target.values, np.float32(rate))


@compiled
def _track(source: Array, target: Array, rate: np.float32) -> None:
    for index in range(len(target)):
        target[index] += rate * (source[index] - target[index])
