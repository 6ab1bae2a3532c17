"""Activations, in place: the function, and what it does to the slope of the loss on the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from dl_robotics.nn.mlp import OutputName
from dl_robotics.ops.compiled import compiled
from dl_robotics.rl.explicit.flat import Array


class Activation(NamedTuple):
    """y = f(z). Both functions overwrite their last argument.

    ``forward(z)`` makes it y. ``backward(y, slope)`` makes dL/dy dL/dz: f' is told by y alone.
    """

    forward: Callable[[Array], object]
    backward: Callable[[Array, Array], object]


def _relu(z: Array) -> None:
    np.maximum(z, np.float32(0.0), out=z)


@compiled
def _relu_backward(y: Array, slope: Array) -> None:
    """f' = 1 where y > 0, else 0, as in torch."""
    for row in range(y.shape[0]):
        for column in range(y.shape[1]):
            if y[row, column] <= 0.0:
                slope[row, column] = 0.0


def _tanh(z: Array) -> None:
    np.tanh(z, out=z)


@compiled
def _tanh_backward(y: Array, slope: Array) -> None:
    """f' = 1 - y^2."""
    one = np.float32(1.0)
    for row in range(y.shape[0]):
        for column in range(y.shape[1]):
            slope[row, column] *= one - y[row, column] * y[row, column]


def _nothing(*_: Array) -> None:
    pass


ACTIVATIONS: dict[OutputName, Activation] = {
    "identity": Activation(_nothing, _nothing),
    "relu": Activation(_relu, _relu_backward),
    "tanh": Activation(_tanh, _tanh_backward),
}
