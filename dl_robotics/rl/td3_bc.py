"""TD3 with behaviour cloning, for learning from a recording alone (Fujimoto and Gu 2021, "A minimalist approach to
offline reinforcement learning").

Without new experience a critic praises actions that nobody has tried. So the actor is kept near what was recorded:
with a the recorded action (equations 3 and 5),

    pi = argmax mean of lambda Q(s, pi(s)) - (pi(s) - a)^2        lambda = alpha / mean |Q(s, a)|

States are normalised (equation 4); here a spread below 1e-4 counts as none, where the paper adds 1e-3 to each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from dl_robotics.config import require
from dl_robotics.rl.actor_critic import Values, pairs, value
from dl_robotics.rl.replay import Batch
from dl_robotics.rl.td3 import TD3, TwinDelayedConfig

TINY = 1e-8  # for a critic that says 0 everywhere


@dataclass(frozen=True, kw_only=True)
class TD3BCConfig(TwinDelayedConfig):
    """Settings of the learner; the noise of exploration says nothing to it.

    :param alpha: how much values count against the recorded actions.
    """

    kind: Literal["td3_bc"] = "td3_bc"
    actor_learning_rate: float = 3e-4
    critic_learning_rate: float = 3e-4
    normalise: bool = True
    alpha: float = 2.5

    def __post_init__(self) -> None:
        super().__post_init__()
        require(self.alpha >= 0.0, "alpha", ">= 0", self.alpha)


class TD3BC(TD3):
    """TD3 whose actor also imitates; the critics and the targets are TD3's.

    :param seed: of first weights and smoothing; equal seeds and batches give equal weights.
    """

    def __init__(self, config: TD3BCConfig, obs_dim: int, action_dim: int, seed: int = 0) -> None:
        super().__init__(config, obs_dim, action_dim, seed)
        self.alpha = config.alpha

    def ascend(self, batch: Batch) -> float:
        """One step of the actor along the gradient of lambda Q(s, pi(s)) - (pi(s) - a)^2; return the mean of Q."""
        weight = self.alpha / max(self._mean_magnitude(batch), TINY)
        action = self.actor.network.forward(batch.obs)
        critic, count = self.critics[0].network, len(action)
        q = float(value(critic, pairs(batch.obs, action)).mean())
        slope = critic.backward_to_input(np.full((count, 1), -weight / count, np.float32))
        imitation: Values = (action - batch.action) * np.float32(2.0 / action.size)
        self.actor.network.backward(slope[:, batch.obs.shape[1] :] + imitation)
        self.actor.step(self.pace)
        return q

    def _mean_magnitude(self, batch: Batch) -> float:
        """Mean of \\|Q(s, a)\\| over the batch; the authors' program takes pi(s) for a."""
        return float(np.abs(value(self.critics[0].network, pairs(batch.obs, batch.action))).mean())
