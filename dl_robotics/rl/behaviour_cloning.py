"""Behaviour cloning: supervised learning of what a recorded driver did (Pomerleau 1989; Bain and Sammut 1995)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from dl_robotics.config import require
from dl_robotics.nn.mlp import MLP, ActivationName
from dl_robotics.rl.explicit.losses import policy_gradient
from dl_robotics.rl.learner import Learning, Observations
from dl_robotics.rl.normalisation import Normaliser
from dl_robotics.rl.replay import Batch
from dl_robotics.rl.spaces import ActionSpace, Continuous


@dataclass(frozen=True, kw_only=True)
class BehaviourCloningConfig:
    """Settings of the learner.

    :param hidden: widths of the hidden layers.
    :param learning_rate: of Adam.
    :param normalise: whether observations are brought to mean 0 and variance 1.
    """

    kind: Literal["behaviour_cloning"] = "behaviour_cloning"
    hidden: tuple[int, ...] = (256, 256)
    activation: ActivationName = "relu"
    learning_rate: float = 1e-3
    normalise: bool = True
    max_grad_norm: float | None = None

    def __post_init__(self) -> None:
        require(all(width >= 1 for width in self.hidden), "hidden", "widths >= 1", self.hidden)
        require(self.learning_rate > 0.0, "learning_rate", "> 0", self.learning_rate)
        require(self.max_grad_norm is None or self.max_grad_norm > 0.0, "max_grad_norm", "> 0", self.max_grad_norm)


def clone_network(
    config: BehaviourCloningConfig, obs_dim: int, space: ActionSpace, generator: torch.Generator | None = None
) -> MLP:
    """The network (B, obs_dim) to actions (B, A) in [-1, 1], or to logits (B, actions)."""
    if isinstance(space, Continuous):
        return MLP((obs_dim, *config.hidden, len(space.low)), config.activation, 1.0, generator, output="tanh")
    return MLP((obs_dim, *config.hidden, space.count), config.activation, 1.0, generator)


class BehaviourCloning:
    """Learns to do what was done; a :class:`~dl_robotics.rl.learner.Learner` to which rewards say nothing.

    :param seed: of the first weights; equal seeds and batches give equal weights.
    """

    def __init__(self, config: BehaviourCloningConfig, obs_dim: int, space: ActionSpace, seed: int = 0) -> None:
        self.config, self.space = config, space
        network = clone_network(config, obs_dim, space, torch.Generator().manual_seed(seed))
        self.learning = Learning(network, config.learning_rate, config.max_grad_norm)
        self.normaliser = Normaliser(obs_dim)
        self.errors = np.empty(0, np.float32)
        self.updates, self.pace = 0, 1.0

    def update(self, batch: Batch) -> dict[str, float]:
        """One step towards the recorded actions.

        :returns: the mean of (pi(s) - a)^2, or of -log pi(a | s) for discrete actions.
        """
        given = self._given(batch.obs)
        if isinstance(self.space, Continuous):
            gap = given - batch.action
            loss, slope = float(np.mean(gap**2)), gap * np.float32(2.0 / gap.size)
            self.errors = gap.mean(axis=1)
        else:
            self.errors = np.ones(len(given), np.float32)
            loss, slope = policy_gradient(given, batch.action, self.errors, entropy_weight=0.0)
        self.learning.network.backward(slope)
        self.learning.step(self.pace)
        self.updates += 1
        return {"loss": loss}

    def act(self, obs: Observations) -> npt.NDArray[Any]:
        """Greedy actions: (N, A) in [-1, 1], or (N,) indices."""
        given = self._given(obs)
        return given.copy() if isinstance(self.space, Continuous) else given.argmax(axis=1)

    def observe(self, obs: Observations) -> None:
        """Keep up mean and variance of the observations."""
        if self.config.normalise:
            self.normaliser.add(obs)

    def policy(self) -> nn.Module:
        """The network for plain observations."""
        module = self.learning.network.module
        return self.normaliser.folded(module) if self.config.normalise else module

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies."""
        parts = {"learning": self.learning.state_dict(), "normaliser": self.normaliser.state_dict()}
        return {**parts, "updates": self.updates}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self.learning.load_state_dict(state["learning"])
        self.normaliser.load_state_dict(state["normaliser"])
        self.updates = int(state["updates"])

    def _given(self, obs: Observations) -> npt.NDArray[np.float32]:
        """The network's output: its own memory, good until the next pass."""
        return self.learning.network.forward(self.normaliser(obs) if self.config.normalise else obs)
