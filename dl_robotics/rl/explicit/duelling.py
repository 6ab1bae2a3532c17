"""The explicit form of a duelling network: three perceptrons over one stretch of memory."""

from __future__ import annotations

import numpy as np

from dl_robotics.nn.mlp import DuellingMLP
from dl_robotics.rl.explicit.flat import Array, flatten
from dl_robotics.rl.explicit.mlp import ExplicitMLP


class ExplicitDuelling:
    """Forward and backward pass of a :class:`~dl_robotics.nn.mlp.DuellingMLP`; see :class:`.mlp.ExplicitMLP`."""

    def __init__(self, module: DuellingMLP) -> None:
        self.module = module
        self.values, self.gradients = flat = flatten(module)
        self.trunk, self.value, self.advantage = (
            ExplicitMLP(part, flat) for part in (module.trunk, module.value, module.advantage)
        )

    def forward(self, x: Array) -> Array:
        """(B, in) to action values (B, actions), an array of the caller's."""
        shared = self.trunk.forward(x)
        advantage = self.advantage.forward(shared)
        values: Array = self.value.forward(shared) + advantage - advantage.mean(axis=1, keepdims=True)
        return values

    def backward(self, slope: Array) -> None:
        """Set the gradients of all parameters; ``slope`` (B, actions) is overwritten."""
        self.trunk.backward(self._to_trunk(slope, learns=True))

    def backward_to_input(self, slope: Array, learns: bool = False) -> Array:
        """The loss's slope (B, in) at the input; ``slope`` is overwritten."""
        return self.trunk.backward_to_input(self._to_trunk(slope, learns), learns)

    def _to_trunk(self, slope: Array, learns: bool) -> Array:
        """Q = V + A - mean A, so dL/dV is the sum of dL/dQ over actions, and dL/dA is dL/dQ less its mean."""
        total = slope.sum(axis=1, keepdims=True)
        slope -= total / np.float32(slope.shape[1])
        shared = self.value.backward_to_input(total, learns)
        shared += self.advantage.backward_to_input(slope, learns)
        return shared
