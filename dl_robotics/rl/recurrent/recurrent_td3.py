"""Recurrent deterministic policy gradient (Heess et al. 2015, algorithm 1) with TD3's critics (Fujimoto et al. 2018).

The twin critics, their smoothed target and the delayed actor are TD3's. Histories are those of observations: what the
last action was has to be among them, as it is in navigation. The critics share a memory, apart from the actor's: an
update's time goes into carrying memories through sequences, step by step.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import torch
from torch import nn

from dl_robotics.config import require
from dl_robotics.nn.mlp import MLP
from dl_robotics.rl.actor_critic import ACTOR_GAIN, ActorCriticConfig
from dl_robotics.rl.descent import Descent
from dl_robotics.rl.explicit.autograd import AutogradNetwork
from dl_robotics.rl.explicit.network import track
from dl_robotics.rl.learner import Observations
from dl_robotics.rl.recurrent.learner import advance, mean_where, n_step_target, tensors
from dl_robotics.rl.recurrent.network import MemoryConfig, RecurrentNetwork, Remembering
from dl_robotics.rl.recurrent.policy import Recalling
from dl_robotics.rl.recurrent.sequences import Sequences, Values

Tensor = torch.Tensor


@dataclass(frozen=True, kw_only=True)
class RecurrentTD3Config(ActorCriticConfig):
    """Settings of the learner.

    :param hidden: widths of the layers before the memory, and of those after the critics'.
    :param n_step: rewards that a target sums up before it bootstraps. Sequences hold single steps, so the recipe's own
        ``n_step`` stays 1.
    :param policy_delay: d, updates of the critics for each of the actor and the targets.
    :param smoothing: standard deviation of the noise on the target's actions, cut to ``smoothing_limit``.
    """

    kind: Literal["recurrent_td3"] = "recurrent_td3"
    hidden: tuple[int, ...] = (64,)
    max_grad_norm: float | None = 10.0
    memory: MemoryConfig = field(default_factory=MemoryConfig)
    n_step: int = 1
    policy_delay: int = 2
    smoothing: float = 0.2
    smoothing_limit: float = 0.5

    def __post_init__(self) -> None:
        super().__post_init__()
        require(len(self.hidden) >= 1, "hidden", "at least one width", self.hidden)
        require(not self.normalise, "normalise", "false: observations are taken as they are", self.normalise)
        for name in ("n_step", "policy_delay"):
            require(getattr(self, name) >= 1, name, ">= 1", getattr(self, name))
        for name in ("smoothing", "smoothing_limit"):
            require(getattr(self, name) >= 0.0, name, ">= 0", getattr(self, name))


def recurrent_actor(
    config: RecurrentTD3Config, obs_dim: int, action_dim: int, generator: torch.Generator | None = None
) -> RecurrentNetwork:
    """The network (B, T, obs_dim) -> (B, T, action_dim) actions in [-1, 1]."""
    units = config.memory.units
    return RecurrentNetwork(
        obs_dim, config.hidden, units, action_dim, config.activation, ACTOR_GAIN, generator, output="tanh"
    )


class RecurrentTD3:
    """Learns a deterministic policy of histories; a :class:`~dl_robotics.rl.recurrent.learner.RecurrentLearner`.

    :param seed: of first weights and smoothing; equal seeds and batches give equal weights.
    """

    def __init__(self, config: RecurrentTD3Config, obs_dim: int, action_dim: int, seed: int = 0) -> None:
        self.config = config
        generator = torch.Generator().manual_seed(seed)
        self.actor = recurrent_actor(config, obs_dim, action_dim, generator)
        self.critics = _Critics(config, obs_dim, action_dim, generator)
        modules = (self.actor, self.critics)
        self.targets = [AutogradNetwork(deepcopy(module).requires_grad_(False)) for module in modules]
        rates = (config.actor_learning_rate, config.critic_learning_rate)
        self.descents = [Descent(*pair, config.max_grad_norm) for pair in zip(modules, rates, strict=True)]
        self.rng = torch.Generator().manual_seed(seed)
        self.updates, self.pace = 0, 1.0

    def act(self, obs: Observations, state: Values) -> tuple[Values, Values]:
        """Greedy actions (N, A) in [-1, 1], and the actor's next state (N, M)."""
        return advance(self.actor, obs, state)

    def update(self, batch: Sequences) -> dict[str, float]:
        """Both critics towards their target; every d updates the actor uphill and the targets after all.

        :returns: the critics' summed loss and, at the actor's updates, the mean of Q_1(h, mu(h)).
        """
        obs, action, reward, terminated, counts, state = tensors(batch)
        after = self.value_after(obs, action, state) * ~terminated
        target = n_step_target(reward, after, counts, self.config.gamma, self.config.n_step)
        remembered = self.critics.remembered(obs[:, :-1])
        error = (self.critics.values(remembered, action) - target).square().sum(dim=0)
        figures = {"loss": self.descents[1].step(mean_where(error, counts), self.pace)}
        self.updates += 1
        if self.updates % self.config.policy_delay == 0:
            figures["q"] = self.ascend(obs[:, :-1], remembered.detach(), counts, state)
            for descent, slow in zip(self.descents, self.targets, strict=True):
                track(descent.network, slow, self.config.target_rate)
        return figures

    @torch.no_grad()
    def value_after(self, obs: Tensor, action: Tensor, state: Tensor) -> Tensor:
        """(B, T) min over i of Q'_i(h_t+1, mu'(h_t+1) + noise)."""
        actor, critics = (slow.module for slow in self.targets)
        best = actor(obs, state)[0][:, 1:]
        noise = self.config.smoothing * torch.randn(action.shape, generator=self.rng)
        limit = self.config.smoothing_limit
        smoothed = (best + noise.clamp(-limit, limit)).clamp(-1.0, 1.0)
        least: Tensor = critics(obs, smoothed).amin(dim=0)
        return least

    def ascend(self, obs: Tensor, remembered: Tensor, counts: Tensor, state: Tensor) -> float:
        """One step of the actor along the gradient of Q_1(h, mu(h)); return its mean.

        :param remembered: (B, T, M) what the critics knew before their last step: nothing in it depends on the actor.
        """
        action, _ = self.actor(obs, state)
        value = self.critics.values(remembered, action, heads=1)[0]
        return -self.descents[0].step(-mean_where(value, counts), self.pace)

    def policy(self) -> nn.Module:
        """The actor, with a memory of its own."""
        return Recalling(self.actor)

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies."""
        parts = {
            name: {"descent": descent.state_dict(), "target": slow.values.copy()}
            for name, descent, slow in zip(("actor", "critics"), self.descents, self.targets, strict=True)
        }
        return {**parts, "rng": self.rng.get_state().numpy().copy(), "updates": self.updates}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        for name, descent, slow in zip(("actor", "critics"), self.descents, self.targets, strict=True):
            descent.load_state_dict(state[name]["descent"])
            slow.values[:] = state[name]["target"]
        self.rng.set_state(torch.from_numpy(np.array(state["rng"])))
        self.updates = int(state["updates"])


class _Critics(nn.Module):
    """Q_1(h, a) and Q_2(h, a) of histories and actions: a memory and two heads.

    The memory begins each sequence empty, for what an actor's memory was filled with is nothing to a critic: the
    burn-in is all that it knows of the steps before.
    """

    def __init__(self, config: RecurrentTD3Config, obs_dim: int, action_dim: int, generator: torch.Generator) -> None:
        super().__init__()
        self.units = config.memory.units
        self.memory = Remembering(obs_dim, config.hidden, self.units, config.activation, generator)
        sizes = (self.units + action_dim, *config.hidden, 1)
        self.heads = nn.ModuleList([MLP(sizes, config.activation, generator=generator) for _ in range(2)])

    def forward(self, obs: Tensor, action: Tensor) -> Tensor:
        """(2, B, T) values of the last T actions (B, T, A) after T or more observations."""
        return self.values(self.remembered(obs)[:, -action.shape[1] :], action)

    def remembered(self, obs: Tensor) -> Tensor:
        """(B, T, M) what is known of the histories."""
        features: Tensor = self.memory(obs, obs.new_zeros(len(obs), self.units))[0]
        return features

    def values(self, remembered: Tensor, action: Tensor, heads: int = 2) -> Tensor:
        """(heads, B, T) values of actions (B, T, A), to the first heads."""
        seen = torch.cat([remembered, action], dim=2)
        return torch.stack([head(seen)[..., 0] for head in self.heads[:heads]])
