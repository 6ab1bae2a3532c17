"""Advantage actor-critic (Mnih et al. 2016), synchronous, with generalised advantages (Schulman et al. 2016)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dl_robotics.config import require
from dl_robotics.rl.policy_gradient import PolicyAndValue, PolicyGradientConfig, standardised
from dl_robotics.rl.rollout import Rollout, RolloutBuffer, generalised_advantages, together
from dl_robotics.rl.spaces import ActionSpace


@dataclass(frozen=True, kw_only=True)
class A2CConfig(PolicyGradientConfig):
    """Settings of the learner.

    :param rollout_steps: T, of every environment between updates.
    :param decay: lambda of the advantages: 0 trusts the value, 1 trusts the returns.
    """

    kind: Literal["a2c"] = "a2c"
    rollout_steps: int = 16
    decay: float = 0.95

    def __post_init__(self) -> None:
        super().__post_init__()
        require(self.rollout_steps >= 1, "rollout_steps", ">= 1", self.rollout_steps)
        require(0.0 <= self.decay <= 1.0, "decay", "in [0, 1]", self.decay)


class A2C(PolicyAndValue):
    """Learns from T steps of all environments at a time."""

    def __init__(self, config: A2CConfig, obs_dim: int, space: ActionSpace, seed: int = 0) -> None:
        super().__init__(config, obs_dim, space, seed)
        self.settings = config

    def due(self, collected: RolloutBuffer) -> bool:
        """Whether T steps are there."""
        return len(collected) >= self.settings.rollout_steps

    def take(self, collected: RolloutBuffer) -> Rollout:
        """All of them."""
        return collected.take()

    def update(self, rollout: Rollout) -> dict[str, float]:
        """One gradient step of policy and value on all steps."""
        value, next_value = self.values(rollout.obs), self.values(rollout.next_obs)
        advantage = generalised_advantages(rollout, self.config.gamma, self.settings.decay, value, next_value)
        target = advantage + value
        obs, action, advantage, target = (together(part) for part in (rollout.obs, rollout.action, advantage, target))
        return self.learn(obs, action, standardised(advantage), target)
