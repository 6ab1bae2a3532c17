"""What DDPG and TD3 share: settings, the actor, and critics of continuous actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from dl_robotics.config import require
from dl_robotics.nn.mlp import MLP, ActivationName
from dl_robotics.rl.explicit.losses import squared_error
from dl_robotics.rl.explicit.network import Network
from dl_robotics.rl.exploration import NoiseConfig
from dl_robotics.rl.learner import Learning, Observations
from dl_robotics.rl.normalisation import Normaliser
from dl_robotics.rl.replay import Batch

Values = npt.NDArray[np.float32]
ACTOR_GAIN = 0.01  # first actions lie near 0, where tanh is steep (the papers' last layers start small for this)


@dataclass(frozen=True, kw_only=True)
class ActorCriticConfig:
    """Settings of a deterministic actor and its critics.

    :param hidden: widths of the hidden layers of both.
    :param gamma: discount per step.
    :param actor_learning_rate: of Adam.
    :param critic_learning_rate: of Adam.
    :param target_rate: tau, how fast target networks follow.
    :param normalise: whether observations are brought to mean 0 and variance 1.
    :param noise: on actions while training.
    """

    hidden: tuple[int, ...] = (256, 256)
    activation: ActivationName = "relu"
    gamma: float = 0.99
    actor_learning_rate: float = 1e-3
    critic_learning_rate: float = 1e-3
    target_rate: float = 0.005
    normalise: bool = False
    max_grad_norm: float | None = None
    noise: NoiseConfig = field(default_factory=NoiseConfig)

    def __post_init__(self) -> None:
        require(all(width >= 1 for width in self.hidden), "hidden", "widths >= 1", self.hidden)
        require(0.0 <= self.gamma < 1.0, "gamma", "in [0, 1)", self.gamma)
        for name in ("actor_learning_rate", "critic_learning_rate"):
            require(getattr(self, name) > 0.0, name, "> 0", getattr(self, name))
        require(0.0 < self.target_rate <= 1.0, "target_rate", "in (0, 1]", self.target_rate)
        require(self.max_grad_norm is None or self.max_grad_norm > 0.0, "max_grad_norm", "> 0", self.max_grad_norm)


def actor_network(
    config: ActorCriticConfig, obs_dim: int, action_dim: int, generator: torch.Generator | None = None
) -> MLP:
    """The network (B, obs_dim) -> (B, action_dim) actions in [-1, 1]."""
    sizes = (obs_dim, *config.hidden, action_dim)
    return MLP(sizes, config.activation, ACTOR_GAIN, generator, output="tanh")


class ActorCritic:
    """An actor mu(s) with critics Q(s, a), their targets, and what learns them: all but the update.

    :param critics: how many.
    :param seed: of the first weights; equal seeds and batches give equal weights.
    """

    def __init__(self, config: ActorCriticConfig, obs_dim: int, action_dim: int, critics: int, seed: int) -> None:
        self.config = config
        generator = torch.Generator().manual_seed(seed)
        actor = actor_network(config, obs_dim, action_dim, generator)
        self.actor = Learning(actor, config.actor_learning_rate, config.max_grad_norm)
        sizes = (obs_dim + action_dim, *config.hidden, 1)
        self.critics = [
            Learning(
                MLP(sizes, config.activation, generator=generator), config.critic_learning_rate, config.max_grad_norm
            )
            for _ in range(critics)
        ]
        self.normaliser = Normaliser(obs_dim)
        self.errors = np.empty(0, np.float32)
        self.updates, self.pace = 0, 1.0

    def normalised(self, batch: Batch) -> Batch:
        """The batch as the networks take it."""
        if not self.config.normalise:
            return batch
        return batch._replace(obs=self.normaliser(batch.obs), next_obs=self.normaliser(batch.next_obs))

    def act(self, obs: Observations) -> Values:
        """Greedy actions (N, A) in [-1, 1] for plain observations (N, D), an array of the caller's."""
        return self.actor.network.forward(self.normaliser(obs) if self.config.normalise else obs).copy()

    def observe(self, obs: Observations) -> None:
        """Keep up mean and variance of the observations."""
        if self.config.normalise:
            self.normaliser.add(obs)

    def fit_critics(self, batch: Batch, target: Values) -> float:
        """One step of every critic towards the targets (B,); return the summed loss. ``errors`` are the first one's."""
        at = pairs(batch.obs, batch.action)
        total = 0.0
        for critic in self.critics:
            q = value(critic.network, at)
            loss, slope = squared_error(q, target, batch.weight)
            if critic is self.critics[0]:
                self.errors = target - q
            critic.network.backward(slope[:, None])
            critic.step(self.pace)
            total += loss
        return total

    def ascend(self, batch: Batch) -> float:
        """One step of the actor along the gradient of Q(s, mu(s)), the first critic's; return its mean.

        The deterministic policy gradient (Silver et al. 2014, equation 9): mean of dQ/da dmu/dtheta.
        """
        action = self.actor.network.forward(batch.obs)
        q = value(self.critics[0].network, pairs(batch.obs, action))
        uphill = np.full((len(q), 1), -1.0 / len(q), np.float32)
        slope = self.critics[0].network.backward_to_input(uphill)[:, batch.obs.shape[1] :]
        self.actor.network.backward(np.ascontiguousarray(slope))
        self.actor.step(self.pace)
        return float(q.mean())

    def track(self) -> None:
        """Let all target networks follow by tau."""
        for part in (self.actor, *self.critics):
            part.track(self.config.target_rate)

    def policy(self) -> nn.Module:
        """The actor's network for plain observations."""
        module = self.actor.network.module
        return self.normaliser.folded(module) if self.config.normalise else module

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies."""
        critics = {str(index): critic.state_dict() for index, critic in enumerate(self.critics)}
        parts = {"actor": self.actor.state_dict(), "normaliser": self.normaliser.state_dict()}
        return {**parts, "critics": critics, "updates": self.updates}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self.actor.load_state_dict(state["actor"])
        for index, critic in enumerate(self.critics):
            critic.load_state_dict(state["critics"][str(index)])
        self.normaliser.load_state_dict(state["normaliser"])
        self.updates = int(state["updates"])


def pairs(obs: Observations, action: Values) -> Values:
    """(B, D + A) what critics take."""
    return np.concatenate([obs, action], axis=1)


def value(critic: Network, at: Values) -> Values:
    """(B,) Q of pairs (B, D + A): the critic's own memory, good until its next pass."""
    return critic.forward(at)[:, 0]
