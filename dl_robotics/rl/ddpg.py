"""Deep deterministic policy gradient (Lillicrap et al. 2016, algorithm 1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dl_robotics.rl.actor_critic import ActorCritic, ActorCriticConfig, Values, pairs, value
from dl_robotics.rl.dqn import bootstrap
from dl_robotics.rl.replay import Batch


@dataclass(frozen=True, kw_only=True)
class DDPGConfig(ActorCriticConfig):
    """Settings of the learner."""

    kind: Literal["ddpg"] = "ddpg"


class DDPG(ActorCritic):
    """Learns a deterministic policy over continuous actions; a :class:`~dl_robotics.rl.learner.Learner`.

    :param seed: of the first weights; equal seeds and batches give equal weights.
    """

    def __init__(self, config: DDPGConfig, obs_dim: int, action_dim: int, seed: int = 0) -> None:
        super().__init__(config, obs_dim, action_dim, 1, seed)

    def update(self, batch: Batch) -> dict[str, float]:
        """The critic towards its target, the actor uphill, the targets after both.

        :returns: the critic's loss, and the mean of Q(s, mu(s)).
        """
        batch = self.normalised(batch)
        loss = self.fit_critics(batch, self.bellman_target(batch))
        q = self.ascend(batch)
        self.track()
        self.updates += 1
        return {"loss": loss, "q": q}

    def bellman_target(self, batch: Batch) -> Values:
        """(B,) y = r + gamma^n Q'(s', mu'(s')), or r where s' is terminal; primes are target networks."""
        at = pairs(batch.next_obs, self.actor.target.forward(batch.next_obs))
        return bootstrap(batch, self.config.gamma, value(self.critics[0].target, at))
