"""REINFORCE with a baseline (Williams 1992; Sutton & Barto 2018, section 13.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from dl_robotics.config import require
from dl_robotics.rl.policy_gradient import PolicyAndValue, PolicyGradientConfig, standardised
from dl_robotics.rl.rollout import Rollout, RolloutBuffer, returns


@dataclass(frozen=True, kw_only=True)
class ReinforceConfig(PolicyGradientConfig):
    """Settings of the learner.

    :param episodes_per_update: finished ones that an update waits for.
    """

    kind: Literal["reinforce"] = "reinforce"
    episodes_per_update: int = 16

    def __post_init__(self) -> None:
        super().__post_init__()
        require(self.episodes_per_update >= 1, "episodes_per_update", ">= 1", self.episodes_per_update)


class Reinforce(PolicyAndValue):
    """Learns from whole episodes: theta <- theta + rate (G_t - b(s_t)) grad log pi(a_t | s_t); b learns G.

    The paper's gamma^t before each step's gradient is left out, as everywhere: late steps would hardly count.
    """

    def __init__(self, config: ReinforceConfig, obs_dim: int, num_actions: int, seed: int = 0) -> None:
        super().__init__(config, obs_dim, num_actions, seed)
        self.settings = config

    def due(self, collected: RolloutBuffer) -> bool:
        """Whether enough episodes have ended."""
        return collected.episodes >= self.settings.episodes_per_update

    def update(self, rollout: Rollout) -> dict[str, float]:
        """One gradient step of policy and baseline on the steps of all episodes that have ended.

        Steps of episodes that still run are dropped: their returns are not known, and by then the policy is another.
        """
        whole = np.logical_or.accumulate(rollout.ended[::-1])[::-1]  # (T, N) whether the episode ends in this rollout
        gains = returns(rollout, self.config.gamma, self.values(rollout.next_obs))[whole]
        obs = rollout.obs[whole]
        advantage = standardised(gains - self.values(obs))
        return self.learn(obs, rollout.action[whole], advantage, gains)
