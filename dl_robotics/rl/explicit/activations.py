"""Activations, in place: the function, and what it does to the slope of the loss on the way back.

One pass through memory each: with the bias by itself, these would take as long as a layer's product.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from dl_robotics.nn.mlp import OutputName
from dl_robotics.ops.compiled import compiled
from dl_robotics.rl.explicit.flat import Array


class Activation(NamedTuple):
    """y = f(z + b), of z and y (B, n) and b (n,). Both functions overwrite their last argument.

    ``forward(b, z)`` makes z y. ``backward(y, slope)`` makes dL/dy dL/dz: f' is told by y alone.
    """

    forward: Callable[[Array, Array], object]
    backward: Callable[[Array, Array], object]


@compiled
def _relu(bias: Array, z: Array) -> None:
    for row in range(z.shape[0]):
        for column in range(z.shape[1]):
            shifted = z[row, column] + bias[column]
            z[row, column] = np.float32(0.0) if shifted < 0.0 else shifted  # what is not a number stays so


@compiled
def _relu_backward(y: Array, slope: Array) -> None:
    """f' = 1 where y > 0, else 0, as in torch."""
    for row in range(y.shape[0]):
        for column in range(y.shape[1]):
            if y[row, column] <= 0.0:
                slope[row, column] = 0.0


def _tanh(bias: Array, z: Array) -> None:
    np.add(z, bias, out=z)
    np.tanh(z, out=z)


@compiled
def _tanh_backward(y: Array, slope: Array) -> None:
    """f' = 1 - y^2."""
    one = np.float32(1.0)
    for row in range(y.shape[0]):
        for column in range(y.shape[1]):
            slope[row, column] *= one - y[row, column] * y[row, column]


def _identity(bias: Array, z: Array) -> None:
    np.add(z, bias, out=z)


def _identity_backward(y: Array, slope: Array) -> None:
    """f' = 1."""


ACTIVATIONS: dict[OutputName, Activation] = {
    "identity": Activation(_identity, _identity_backward),
    "relu": Activation(_relu, _relu_backward),
    "tanh": Activation(_tanh, _tanh_backward),
}
