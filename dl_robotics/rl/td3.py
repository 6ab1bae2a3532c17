"""Twin delayed deep deterministic policy gradient (Fujimoto et al. 2018, algorithm 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from dl_robotics.config import require
from dl_robotics.rl.actor_critic import ActorCritic, ActorCriticConfig, Values, pairs, value
from dl_robotics.rl.dqn import bootstrap
from dl_robotics.rl.replay import Batch


@dataclass(frozen=True, kw_only=True)
class TwinDelayedConfig(ActorCriticConfig):
    """Settings of TD3, and of what is made of it.

    :param policy_delay: d, updates of the critics for each of the actor and the targets.
    :param smoothing: standard deviation of the noise on the target's actions.
    :param smoothing_limit: c, which that noise is cut to.
    """

    policy_delay: int = 2
    smoothing: float = 0.2
    smoothing_limit: float = 0.5

    def __post_init__(self) -> None:
        super().__post_init__()
        require(self.policy_delay >= 1, "policy_delay", ">= 1", self.policy_delay)
        require(self.smoothing >= 0.0, "smoothing", ">= 0", self.smoothing)
        require(self.smoothing_limit >= 0.0, "smoothing_limit", ">= 0", self.smoothing_limit)


@dataclass(frozen=True, kw_only=True)
class TD3Config(TwinDelayedConfig):
    """Settings of the learner."""

    kind: Literal["td3"] = "td3"


class TD3(ActorCritic):
    """Learns a deterministic policy over continuous actions; a :class:`~dl_robotics.rl.learner.Learner`.

    :param seed: of first weights and smoothing; equal seeds and batches give equal weights.
    """

    def __init__(self, config: TwinDelayedConfig, obs_dim: int, action_dim: int, seed: int = 0) -> None:
        super().__init__(config, obs_dim, action_dim, 2, seed)
        self.settings = config
        self.rng = np.random.default_rng(seed)

    def update(self, batch: Batch) -> dict[str, float]:
        """Both critics towards their target; every d updates the actor uphill and the targets after all.

        :returns: the critics' summed loss and, at the actor's updates, the mean of Q_1(s, mu(s)).
        """
        batch = self.normalised(batch)
        loss = self.fit_critics(batch, self.bellman_target(batch))
        self.updates += 1
        figures = {"loss": loss}
        if self.updates % self.settings.policy_delay == 0:
            figures["q"] = self.ascend(batch)
            self.track()
        return figures

    def bellman_target(self, batch: Batch) -> Values:
        """(B,) y = r + gamma^n min over i of Q'_i(s', mu'(s') + noise), or r where s' is terminal."""
        action = self.actor.target.forward(batch.next_obs)
        noise = np.float32(self.settings.smoothing) * self.rng.standard_normal(action.shape, np.float32)
        limit = self.settings.smoothing_limit
        at = pairs(batch.next_obs, np.clip(action + np.clip(noise, -limit, limit), -1.0, 1.0))
        least = np.minimum(*(value(critic.target, at) for critic in self.critics))
        return bootstrap(batch, self.config.gamma, least)

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies."""
        return {**super().state_dict(), "rng": self.rng.bit_generator.state}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        super().load_state_dict(state)
        self.rng.bit_generator.state = state["rng"]
