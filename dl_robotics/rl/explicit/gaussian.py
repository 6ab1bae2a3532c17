"""The explicit form of a Gaussian network: a perceptron and its deviations over one stretch of memory."""

from __future__ import annotations

import numpy as np

from dl_robotics.nn.mlp import GaussianMLP
from dl_robotics.rl.explicit.flat import Array, flatten
from dl_robotics.rl.explicit.mlp import ExplicitMLP


class ExplicitGaussian:
    """Forward and backward pass of a :class:`~dl_robotics.nn.mlp.GaussianMLP`; see :class:`.mlp.ExplicitMLP`."""

    def __init__(self, module: GaussianMLP) -> None:
        self.module = module
        self.values, self.gradients = flat = flatten(module)
        self.mean = ExplicitMLP(module.mean, flat)
        self.actions = module.log_std.numel()

    def forward(self, x: Array) -> Array:
        """(B, in) to means and logarithms of deviations (B, 2 A), an array of the caller's."""
        mean = self.mean.forward(x)
        spread = np.broadcast_to(self.module.log_std.detach().numpy(), mean.shape)
        return np.concatenate([mean, spread], axis=1)

    def backward(self, slope: Array) -> None:
        """Set the gradients of all parameters from the loss's slope (B, 2 A)."""
        self.mean.backward(self._to_mean(slope, learns=True))

    def backward_to_input(self, slope: Array, learns: bool = False) -> Array:
        """The loss's slope (B, in) at the input."""
        return self.mean.backward_to_input(self._to_mean(slope, learns), learns)

    def _to_mean(self, slope: Array, learns: bool) -> Array:
        """What falls to the means; every sample has the same deviations, so their slopes add up."""
        gradient = self.module.log_std.grad
        if learns and gradient is not None:
            gradient.numpy()[:] = slope[:, self.actions :].sum(axis=0)
        return np.ascontiguousarray(slope[:, : self.actions])
