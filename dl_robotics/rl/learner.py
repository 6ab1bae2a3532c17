"""What the training loop knows of a learner, and the networks that learners are made of."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from torch import nn

from dl_robotics.rl.explicit.network import copy_parameters, learning_form, track
from dl_robotics.rl.explicit.optimisers import Adam, clip_norm
from dl_robotics.rl.replay import Batch

Observations = npt.NDArray[np.float32]


class Learner(Protocol):
    """Learns from batches of a replay buffer."""

    updates: int
    pace: float  # share of the learning rates that is in force, for updates to come
    errors: npt.NDArray[np.float32]  # (B,) temporal-difference errors of the last update's samples

    def act(self, obs: Observations) -> npt.NDArray[Any]:
        """Greedy actions (N, ...) for observations (N, D)."""

    def observe(self, obs: Observations) -> None:
        """See observations (N, D) that will come up in batches, before any batch depends on them."""

    def update(self, batch: Batch) -> dict[str, float]:
        """One gradient step; figures for the log."""

    def policy(self) -> nn.Module:
        """The network of the greedy policy, as :func:`dl_robotics.rl.policy.policy_network` makes it; not to change."""

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies."""

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""


class Learning:
    """A network with its optimiser and a target network, a slower copy.

    :param module: its first weights.
    :param max_grad_norm: longer gradients are cut to this length.
    """

    def __init__(self, module: nn.Module, learning_rate: float, max_grad_norm: float | None = None) -> None:
        self.network = learning_form(module)
        self.target = learning_form(deepcopy(module).requires_grad_(False))
        self.optimiser = Adam(self.network, learning_rate)
        self.max_grad_norm = max_grad_norm

    def step(self, pace: float = 1.0) -> None:
        """Go one step against the gradients that the last backward pass has set.

        :param pace: share of the learning rate that is in force.
        """
        if self.max_grad_norm is not None:
            clip_norm(self.network.gradients, self.max_grad_norm)
        self.optimiser.step(pace)

    def track(self, rate: float) -> None:
        """Let the target network follow slowly; see :func:`~dl_robotics.rl.explicit.network.track`."""
        track(self.network, self.target, rate)

    def follow(self) -> None:
        """Let the target network be the network."""
        copy_parameters(self.network, self.target)

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies."""
        optimiser = self.optimiser.state_dict()
        return {"network": self.network.values.copy(), "target": self.target.values.copy(), "optimiser": optimiser}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self.network.values[:], self.target.values[:] = state["network"], state["target"]
        self.optimiser.load_state_dict(state["optimiser"])
