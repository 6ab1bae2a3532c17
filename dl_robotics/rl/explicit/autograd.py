"""Any torch module behind the interface of the explicit networks: its backward pass is autograd's."""

from __future__ import annotations

import torch
from torch import nn

from dl_robotics.rl.explicit.flat import Array, flatten


class AutogradNetwork:
    """Forward and backward pass of a module that takes one tensor and gives one; see :class:`.mlp.ExplicitMLP`.

    :param module: on the CPU; recurrent, convolutional, anything.
    """

    def __init__(self, module: nn.Module) -> None:
        self.module = module
        self.values, self.gradients = flatten(module)
        self._input = self._output = torch.empty(0)

    def forward(self, x: Array) -> Array:
        """(B, ...) to (B, out)."""
        self._input = torch.from_numpy(x).requires_grad_()
        self._output = self.module(self._input)
        result: Array = self._output.detach().numpy()
        return result

    def backward(self, slope: Array) -> None:
        """Set the gradients of all parameters from the loss's slope (B, out) at the output."""
        self.backward_to_input(slope, learns=True)

    def backward_to_input(self, slope: Array, learns: bool = False) -> Array:
        """The loss's slope at the input, from that at the output."""
        parameters = list(self.module.parameters()) if learns else []
        gradients = torch.autograd.grad(self._output, [self._input, *parameters], torch.from_numpy(slope))
        for parameter, gradient in zip(parameters, gradients[1:], strict=True):
            if parameter.grad is not None:
                parameter.grad.copy_(gradient)
        result: Array = gradients[0].numpy()
        return result
