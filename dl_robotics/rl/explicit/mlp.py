"""Backpropagation through a multilayer perceptron (Rumelhart, Hinton & Williams 1986), written out.

With x_0 the input, layer l computes z_l = x_{l-1} W_l + b_l and x_l = f_l(z_l) for all samples of a batch at once. From
the loss's slope at the output, d_l = dL/dx_l * f_l'(z_l), back through the layers:

    dL/dW_l = x_{l-1}^T d_l        dL/db_l = sum of d_l over the batch        dL/dx_{l-1} = d_l W_l^T
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from torch import nn

from dl_robotics.nn.mlp import MLP
from dl_robotics.rl.explicit.activations import ACTIVATIONS, Activation
from dl_robotics.rl.explicit.flat import Array, Flat, aligned, flatten


class Layer(NamedTuple):
    """Parameters of one layer, their gradients, and what follows: views of the module's memory."""

    weight: Array  # (in, out)
    bias: Array  # (out,)
    weight_gradient: Array
    bias_gradient: Array
    activation: Activation


class Room(NamedTuple):
    """Memory of one batch size: allocated once."""

    outputs: list[Array]  # of each layer, (B, out)
    slopes: list[Array]  # at the input of each layer, (B, in)
    ones: Array  # (B,) sums up columns as a product, which is faster than a sum


class ExplicitMLP:
    """A multilayer perceptron's forward and backward pass; ``module`` shares its memory and is always up to date.

    :param module: whose parameters learn.
    :param flat: where they lie already, as part of a larger module; moved there unless given.
    """

    def __init__(self, module: MLP, flat: Flat | None = None) -> None:
        self.module = module
        self.values, self.gradients = flat or flatten(module)
        linear = [layer for layer in module if isinstance(layer, nn.Linear)]
        between = ACTIVATIONS[module.activation]
        follows = [between] * (len(linear) - 1) + [ACTIVATIONS[module.output]]
        self.layers = [_views(layer, activation) for layer, activation in zip(linear, follows, strict=True)]
        self._rooms: dict[int, Room] = {}
        self._inputs: list[Array] = []

    def forward(self, x: Array) -> Array:
        """(B, in) to (B, out). The result is this network's own memory, good until the next pass of that batch size."""
        room = self._room(len(x))
        self._inputs = [x, *room.outputs[:-1]]
        for layer, x_in, x_out in zip(self.layers, self._inputs, room.outputs, strict=True):
            np.dot(x_in, layer.weight, out=x_out)
            layer.activation.forward(layer.bias, x_out)
        return room.outputs[-1]

    def backward(self, slope: Array) -> None:
        """Set the gradients of all parameters from the loss's slope (B, out) at the last forward pass's output.

        :param slope: overwritten.
        """
        room = self._room(len(slope))
        for index, layer in reversed(list(enumerate(self.layers))):
            self._through_layer(room, index, slope)
            if index > 0:
                slope = np.dot(slope, layer.weight.T, out=room.slopes[index])

    def backward_to_input(self, slope: Array, learns: bool = False) -> Array:
        """The loss's slope (B, in) at the input, from that at the output of the last forward pass.

        :param slope: overwritten.
        :param learns: whether the parameters' gradients are set, too, as :meth:`backward` does.
        """
        room = self._room(len(slope))
        for index, layer in reversed(list(enumerate(self.layers))):
            if learns:
                self._through_layer(room, index, slope)
            else:
                layer.activation.backward(room.outputs[index], slope)
            slope = np.dot(slope, layer.weight.T, out=room.slopes[index])
        return slope

    def _through_layer(self, room: Room, index: int, slope: Array) -> None:
        """From dL/dx to d, in place, and to the gradients of the layer's parameters."""
        layer = self.layers[index]
        layer.activation.backward(room.outputs[index], slope)
        np.dot(self._inputs[index].T, slope, out=layer.weight_gradient)
        np.dot(room.ones, slope, out=layer.bias_gradient)

    def _room(self, batch: int) -> Room:
        if batch not in self._rooms:
            sizes = self.module.sizes
            self._rooms[batch] = Room(
                outputs=[aligned(batch * size).reshape(batch, size) for size in sizes[1:]],
                slopes=[aligned(batch * size).reshape(batch, size) for size in sizes[:-1]],
                ones=np.ones(batch, np.float32),
            )
        return self._rooms[batch]


def _views(layer: nn.Linear, activation: Activation) -> Layer:
    weight, bias = layer.weight, layer.bias
    if weight.grad is None or bias.grad is None:
        raise ValueError("a layer: expected parameters in flat memory, got others")
    arrays = (weight.detach().numpy().T, bias.detach().numpy(), weight.grad.numpy().T, bias.grad.numpy())
    return Layer(*arrays, activation)
