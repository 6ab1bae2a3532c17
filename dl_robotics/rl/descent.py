"""Gradient descent of any torch module on losses that autograd differentiates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from dl_robotics.rl.explicit.autograd import AutogradNetwork
from dl_robotics.rl.explicit.optimisers import Adam, clip_norm


class Descent:
    """A module with its optimiser.

    :param module: float32 on the CPU; its parameters move into flat memory.
    :param learning_rate: of Adam.
    :param max_grad_norm: longer gradients are cut to this length.
    """

    def __init__(self, module: nn.Module, learning_rate: float, max_grad_norm: float | None = None) -> None:
        self.network = AutogradNetwork(module)
        self.optimiser = Adam(self.network, learning_rate)
        self.max_grad_norm = max_grad_norm

    def step(self, loss: torch.Tensor, pace: float = 1.0) -> float:
        """Go one step down the loss (a scalar that depends on the module); return it.

        :param pace: share of the learning rate that is in force.
        """
        self.network.gradients[:] = 0.0
        loss.backward()  # type: ignore[no-untyped-call]
        if self.max_grad_norm is not None:
            clip_norm(self.network.gradients, self.max_grad_norm)
        self.optimiser.step(pace)
        return loss.item()

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies."""
        return {"network": self.network.values.copy(), "optimiser": self.optimiser.state_dict()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self.network.values[:] = state["network"]
        self.optimiser.load_state_dict(state["optimiser"])
