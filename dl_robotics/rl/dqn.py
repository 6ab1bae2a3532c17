"""Deep Q-learning with experience replay (Mnih et al. 2015), optionally with the target of Double Q-learning (van
Hasselt et al. 2016).
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from dl_robotics.config import require
from dl_robotics.nn.mlp import MLP, ActivationName
from dl_robotics.rl.replay import Batch


@dataclass(frozen=True)
class DQNConfig:
    """Settings of the learner.

    :param hidden: widths of the hidden layers.
    :param gamma: discount per step.
    :param learning_rate: of Adam.
    :param target_update_every: C, in gradient updates.
    :param huber_delta: errors beyond it count linearly. The paper's 1 suits its clipped rewards; where values are much
        larger, it fits their median instead of their mean, rare ends of episodes go unheard, and values run away.
    :param double: whether the online network chooses the next action that the target network values.
    :param max_grad_norm: bound on the gradient's Euclidean norm; none by default.
    """

    kind: Literal["dqn"] = "dqn"
    hidden: tuple[int, ...] = (64, 64)
    activation: ActivationName = "relu"
    gamma: float = 0.99
    learning_rate: float = 1e-3
    target_update_every: int = 500
    huber_delta: float = 1.0
    double: bool = True
    max_grad_norm: float | None = None

    def __post_init__(self) -> None:
        require(all(width >= 1 for width in self.hidden), "hidden", "widths >= 1", self.hidden)
        require(0.0 <= self.gamma < 1.0, "gamma", "in [0, 1)", self.gamma)
        require(self.learning_rate > 0.0, "learning_rate", "> 0", self.learning_rate)
        require(self.target_update_every >= 1, "target_update_every", ">= 1", self.target_update_every)
        require(self.huber_delta > 0.0, "huber_delta", "> 0", self.huber_delta)
        require(self.max_grad_norm is None or self.max_grad_norm > 0.0, "max_grad_norm", "> 0", self.max_grad_norm)


def q_network(config: DQNConfig, obs_dim: int, num_actions: int, generator: torch.Generator | None = None) -> MLP:
    """The network (B, obs_dim) -> (B, num_actions) action values."""
    return MLP((obs_dim, *config.hidden, num_actions), config.activation, generator=generator)


class DQN:
    """Learns action values of a discrete action space.

    :param seed: of the first weights; equal seeds and batches give equal weights (on one device).
    """

    def __init__(self, config: DQNConfig, obs_dim: int, num_actions: int, seed: int = 0, device: str = "cpu") -> None:
        self.config, self.num_actions, self.device = config, num_actions, device
        self.online = q_network(config, obs_dim, num_actions, torch.Generator().manual_seed(seed)).to(device)
        self.target = deepcopy(self.online).requires_grad_(False)
        self.optimiser = torch.optim.Adam(self.online.parameters(), lr=config.learning_rate, fused=True)
        self.updates = 0

    @torch.no_grad()
    def act(self, obs: npt.NDArray[np.float32], epsilon: float, rng: np.random.Generator) -> npt.NDArray[np.int64]:
        """Epsilon-greedy actions (N,) for observations (N, D)."""
        greedy = self.online(torch.from_numpy(obs).to(self.device)).argmax(dim=1).cpu().numpy()
        random = rng.integers(self.num_actions, size=len(obs))
        return np.where(rng.random(len(obs)) < epsilon, random, greedy)

    def update(self, batch: Batch) -> dict[str, float]:
        """One gradient step on a minibatch; every C steps the target network becomes the online network.

        :returns: the Huber loss and the mean value of the actions taken.
        """
        obs, action, reward, next_obs, terminated = (torch.from_numpy(array).to(self.device) for array in batch)
        target = self.bellman_target(reward, next_obs, terminated)
        q = self.online(obs).gather(1, action.unsqueeze(1)).squeeze(1)
        loss = functional.huber_loss(q, target, delta=self.config.huber_delta)  # its slope is the clipped error
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        if self.config.max_grad_norm is not None:
            nn.utils.clip_grad_norm_(self.online.parameters(), self.config.max_grad_norm)
        self.optimiser.step()
        self.updates += 1
        if self.updates % self.config.target_update_every == 0:
            self.target.load_state_dict(self.online.state_dict())
        return {"loss": loss.item(), "q": q.mean().item()}

    @torch.no_grad()
    def bellman_target(self, reward: Tensor, next_obs: Tensor, terminated: Tensor) -> Tensor:
        """(B,) targets.

        y = r + gamma * Q(s', a*; target), or r where s' is terminal; a* maximises Q(s', .; target) in Mnih et al.,
        Q(s', .; online) in van Hasselt et al.
        """
        next_q = self.target(next_obs)
        chooser = self.online(next_obs) if self.config.double else next_q
        best = next_q.gather(1, chooser.argmax(dim=1, keepdim=True)).squeeze(1)
        target: Tensor = reward + self.config.gamma * best * ~terminated
        return target

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies: torch's own state dictionaries share memory."""
        state = {
            "online": self.online.state_dict(),
            "target": self.target.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "updates": self.updates,
        }
        return deepcopy(state)

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self.online.load_state_dict(state["online"])
        self.target.load_state_dict(state["target"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.updates = state["updates"]
