"""What REINFORCE and A2C share: settings, a stochastic policy, and a value to compare with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from dl_robotics.config import require
from dl_robotics.nn.mlp import MLP, ActivationName
from dl_robotics.rl.distribution import Values, distribution_over
from dl_robotics.rl.explicit.losses import squared_error
from dl_robotics.rl.learner import Learning, Observations
from dl_robotics.rl.rollout import Rollout, RolloutBuffer
from dl_robotics.rl.spaces import ActionSpace


@dataclass(frozen=True, kw_only=True)
class PolicyGradientConfig:
    """Settings of a stochastic policy and its value network.

    :param hidden: widths of the hidden layers of both.
    :param gamma: discount per step.
    :param learning_rate: of the policy's Adam.
    :param value_learning_rate: of the value's Adam.
    :param entropy: weight of the policy's entropy, which keeps it from settling early.
    :param max_grad_norm: bound on either gradient's Euclidean norm.
    :param first_std: standard deviation of continuous actions, which span [-1, 1], at first; it is learned.
    """

    hidden: tuple[int, ...] = (64, 64)
    activation: ActivationName = "tanh"
    gamma: float = 0.99
    learning_rate: float = 1e-3
    value_learning_rate: float = 3e-3
    entropy: float = 0.01
    max_grad_norm: float | None = 0.5
    first_std: float = 1.0

    def __post_init__(self) -> None:
        require(all(width >= 1 for width in self.hidden), "hidden", "widths >= 1", self.hidden)
        require(0.0 <= self.gamma <= 1.0, "gamma", "in [0, 1]", self.gamma)
        for name in ("learning_rate", "value_learning_rate"):
            require(getattr(self, name) > 0.0, name, "> 0", getattr(self, name))
        require(self.entropy >= 0.0, "entropy", ">= 0", self.entropy)
        require(self.max_grad_norm is None or self.max_grad_norm > 0.0, "max_grad_norm", "> 0", self.max_grad_norm)
        require(self.first_std > 0.0, "first_std", "> 0", self.first_std)


class OnPolicyLearner(Protocol):
    """Learns from what its present policy has just done."""

    updates: int

    def sample(self, obs: Observations, rng: np.random.Generator) -> npt.NDArray[Any]:
        """Actions (N, ...) drawn from the policy for observations (N, D)."""

    def due(self, collected: RolloutBuffer) -> bool:
        """Whether these steps are enough for an update."""

    def take(self, collected: RolloutBuffer) -> Rollout:
        """The steps for an update, out of the buffer."""

    def update(self, rollout: Rollout) -> dict[str, float]:
        """One gradient step; figures for the log."""

    @property
    def network(self) -> nn.Module:
        """The policy's, as :func:`dl_robotics.rl.algorithms.policy_network` makes it; not to be changed."""

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies."""

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""


def stochastic_network(
    config: PolicyGradientConfig, obs_dim: int, space: ActionSpace, generator: torch.Generator | None = None
) -> nn.Module:
    """The network (B, obs_dim) to (B, K) parameters of the policy's distribution."""
    distribution = distribution_over(space, config.first_std)
    return distribution.network((obs_dim, *config.hidden), config.activation, generator)


class PolicyAndValue:
    """The policy pi(a | s) and the value V(s), and what learns them.

    :param seed: of the first weights.
    """

    def __init__(self, config: PolicyGradientConfig, obs_dim: int, space: ActionSpace, seed: int) -> None:
        self.config, self.space = config, space
        self.distribution = distribution_over(space, config.first_std)
        generator = torch.Generator().manual_seed(seed)
        policy = stochastic_network(config, obs_dim, space, generator)
        value = MLP((obs_dim, *config.hidden, 1), config.activation, generator=generator)
        self.policy = Learning(policy, config.learning_rate, config.max_grad_norm)
        self.value = Learning(value, config.value_learning_rate, config.max_grad_norm)
        self.updates = 0

    @property
    def network(self) -> nn.Module:
        """The policy's."""
        return self.policy.network.module

    def sample(self, obs: Observations, rng: np.random.Generator) -> npt.NDArray[Any]:
        """Actions (N, ...) drawn from the policy."""
        return self.distribution.sample(self.policy.network.forward(obs), rng)

    def values(self, obs: Observations) -> Values:
        """V (...) of observations (..., D), an array of the caller's."""
        return self.value.network.forward(obs.reshape(-1, obs.shape[-1]))[:, 0].copy().reshape(obs.shape[:-1])

    def learn(self, obs: Observations, action: Any, advantage: Values, target: Values) -> dict[str, float]:
        """One step of both on B samples: the policy along the advantage (B,), the value towards its target (B,)."""
        loss, slope = self.distribution.loss(self.policy.network.forward(obs), action, advantage, self.config.entropy)
        self.policy.network.backward(slope)
        self.policy.step()
        value = self.value.network.forward(obs)[:, 0]
        value_loss, value_slope = squared_error(value, target)
        self.value.network.backward(value_slope[:, None])
        self.value.step()
        self.updates += 1
        return {"loss": loss, "value_loss": value_loss, "value": float(value.mean())}

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies."""
        return {"policy": self.policy.state_dict(), "value": self.value.state_dict(), "updates": self.updates}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self.policy.load_state_dict(state["policy"])
        self.value.load_state_dict(state["value"])
        self.updates = int(state["updates"])


def standardised(values: Values) -> Values:
    """Brought to mean 0 and variance 1, so that one learning rate suits all rewards."""
    return np.asarray((values - values.mean()) / (values.std() + 1e-8), np.float32)
