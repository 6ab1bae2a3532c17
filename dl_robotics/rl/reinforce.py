"""REINFORCE with a baseline (Williams 1992; Sutton & Barto 2018, section 13.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dl_robotics.config import require
from dl_robotics.rl.policy_gradient import PolicyAndValue, PolicyGradientConfig, standardised
from dl_robotics.rl.rollout import Rollout, RolloutBuffer, returns
from dl_robotics.rl.spaces import ActionSpace


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

    An update leaves the episodes that still run to the update after their end: were they dropped, a policy would hardly
    ever learn from the longest. Such an episode was begun by the policy before; its gradient is that of the present
    one, log pi(a | s) included. No importance weight corrects the gradient step between the two, as in asynchronous
    methods (Mnih et al. 2016): it is small, and products of weights over an episode vary far more than it biases.
    """

    def __init__(self, config: ReinforceConfig, obs_dim: int, space: ActionSpace, seed: int = 0) -> None:
        super().__init__(config, obs_dim, space, seed)
        self.settings = config

    def due(self, collected: RolloutBuffer) -> bool:
        """Whether enough episodes have ended."""
        return collected.episodes >= self.settings.episodes_per_update

    def take(self, collected: RolloutBuffer) -> Rollout:
        """The episodes that have ended; the others stay."""
        return collected.take_episodes()

    def update(self, rollout: Rollout) -> dict[str, float]:
        """One gradient step of policy and baseline on all steps of the episodes that have ended."""
        whole = rollout.whole
        gains = returns(rollout, self.config.gamma, self.values(rollout.next_obs))[whole]
        obs = rollout.obs[whole]
        advantage = standardised(gains - self.values(obs))
        return self.learn(obs, rollout.action[whole], advantage, gains)
