"""Deep recurrent Q-learning (Hausknecht & Stone 2015) with the Double Q target (van Hasselt et al. 2016).

A departure: the paper begins every sequence with an empty memory; here it begins with the stored state and a burn-in
(Kapturowski et al. 2019).
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from dl_robotics.config import require
from dl_robotics.nn.mlp import ActivationName
from dl_robotics.rl.descent import Descent
from dl_robotics.rl.explicit.autograd import AutogradNetwork
from dl_robotics.rl.explicit.network import track
from dl_robotics.rl.learner import Observations
from dl_robotics.rl.recurrent.learner import advance, mean_where, tensors
from dl_robotics.rl.recurrent.network import MemoryConfig, RecurrentNetwork
from dl_robotics.rl.recurrent.policy import Recalling
from dl_robotics.rl.recurrent.sequences import Sequences, Values


@dataclass(frozen=True, kw_only=True)
class DRQNConfig:
    """Settings of the learner.

    :param hidden: widths of the layers before the memory.
    :param gamma: discount per step.
    :param learning_rate: of Adam.
    :param target_rate: tau, how fast the target network follows.
    :param huber_delta: errors beyond it count linearly.
    :param max_grad_norm: bound on the gradient's Euclidean norm; recurrent ones explode (Pascanu et al. 2013).
    """

    kind: Literal["drqn"] = "drqn"
    hidden: tuple[int, ...] = (64,)
    memory: MemoryConfig = field(default_factory=MemoryConfig)
    activation: ActivationName = "relu"
    gamma: float = 0.99
    learning_rate: float = 1e-3
    target_rate: float = 0.005
    huber_delta: float = 1.0
    max_grad_norm: float | None = 10.0

    def __post_init__(self) -> None:
        require(len(self.hidden) >= 1 and min(self.hidden) >= 1, "hidden", "at least one width, all >= 1", self.hidden)
        require(0.0 <= self.gamma < 1.0, "gamma", "in [0, 1)", self.gamma)
        for name in ("learning_rate", "huber_delta"):
            require(getattr(self, name) > 0.0, name, "> 0", getattr(self, name))
        require(0.0 < self.target_rate <= 1.0, "target_rate", "in (0, 1]", self.target_rate)
        require(self.max_grad_norm is None or self.max_grad_norm > 0.0, "max_grad_norm", "> 0", self.max_grad_norm)


def recurrent_q_network(
    config: DRQNConfig, obs_dim: int, num_actions: int, generator: torch.Generator | None = None
) -> RecurrentNetwork:
    """The network (B, T, obs_dim) -> (B, T, num_actions) action values."""
    units = config.memory.units
    return RecurrentNetwork(obs_dim, config.hidden, units, num_actions, config.activation, generator=generator)


class DRQN:
    """Learns action values of histories; a :class:`~dl_robotics.rl.recurrent.learner.RecurrentLearner`.

    :param seed: of the first weights; equal seeds and batches give equal weights.
    """

    def __init__(self, config: DRQNConfig, obs_dim: int, num_actions: int, seed: int = 0) -> None:
        self.config = config
        self.online = recurrent_q_network(config, obs_dim, num_actions, torch.Generator().manual_seed(seed))
        self.target = AutogradNetwork(deepcopy(self.online).requires_grad_(False))
        self.descent = Descent(self.online, config.learning_rate, config.max_grad_norm)
        self.updates, self.pace = 0, 1.0

    def act(self, obs: Observations, state: Values) -> tuple[npt.NDArray[np.int64], Values]:
        """Greedy actions (N,), and the memory's next state (N, M)."""
        values, after = advance(self.online, obs, state)
        return values.argmax(axis=1), after

    def update(self, batch: Sequences) -> dict[str, float]:
        """One gradient step on sequences; the target network follows.

        :returns: the Huber loss and the mean value of the actions taken.
        """
        obs, action, reward, terminated, counts, state = tensors(batch)
        values, _ = self.online(obs, state)  # (B, T + 1, actions)
        target = self.bellman_target(values.detach(), obs, reward, terminated, state)
        q = values[:, :-1].gather(2, action[..., None])[..., 0]  # (B, T)
        error = functional.huber_loss(q, target, reduction="none", delta=self.config.huber_delta)
        loss = self.descent.step(mean_where(error, counts), self.pace)
        track(self.descent.network, self.target, self.config.target_rate)
        self.updates += 1
        return {"loss": loss, "q": mean_where(q.detach(), counts).item()}

    @torch.no_grad()
    def bellman_target(
        self,
        values: torch.Tensor,
        obs: torch.Tensor,
        reward: torch.Tensor,
        terminated: torch.Tensor,
        state: torch.Tensor,
    ) -> torch.Tensor:
        """(B, T) y_t = r_t + gamma Q(h_t+1, a*; target), or r_t where s_t+1 is terminal; a* maximises the online Q.

        :param values: (B, T + 1, actions) of the online network.
        """
        theirs, _ = self.target.module(obs, state)
        best = values[:, 1:].argmax(dim=2, keepdim=True)
        after: torch.Tensor = theirs[:, 1:].gather(2, best)[..., 0] * ~terminated
        return reward + self.config.gamma * after

    def policy(self) -> nn.Module:
        """The online network, with a memory of its own."""
        return Recalling(self.online)

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies."""
        return {"q": self.descent.state_dict(), "target": self.target.values.copy(), "updates": self.updates}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self.descent.load_state_dict(state["q"])
        self.target.values[:] = state["target"]
        self.updates = int(state["updates"])
