"""Two value functions, of rewards and of bonuses (Burda et al. 2018, section 2.3), each a DQN with its own discount.

What is done while learning is greedy in Q_E + Q_I. What is judged and kept is Q_E alone, which novelty cannot distract.
Bonuses go on over ends of episodes: dying to begin anew, where all is familiar, costs what else could have been found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from torch import nn

from dl_robotics.rl.bonus.bonus import Bonus
from dl_robotics.rl.dqn import DQN
from dl_robotics.rl.learner import Observations
from dl_robotics.rl.replay import Batch

Mask = npt.NDArray[np.bool_]


class CuriousDQN:
    """Learns where rewards lie, and where novelty does; a :class:`~dl_robotics.rl.learner.Learner`.

    :param rewards: learns Q_E.
    :param novelty: learns Q_I, of the weighted bonuses.
    """

    def __init__(self, rewards: DQN, novelty: DQN, bonus: Bonus) -> None:
        self.rewards, self.novelty, self.bonus = rewards, novelty, bonus
        self.errors = np.empty(0, np.float32)
        self.updates, self.pace = 0, 1.0
        self._begun = np.empty((0, 0), np.float32)  # (N, D) what the running episodes began with
        self._ended = np.empty(0, np.bool_)  # (N,) where one begins next

    def act(self, obs: Observations) -> npt.NDArray[np.int64]:
        """Curious actions (N,) for observations (N, D): greedy in Q_E + Q_I."""
        values = self.rewards.online.forward(obs) + self.novelty.online.forward(obs)
        return np.asarray(values.argmax(axis=1))

    def observe(self, obs: Observations) -> None:
        """Nothing: observations are taken as they are."""

    def meet(self, transitions: Batch, ended: Mask) -> None:
        """Be told one step of N environments, in their order.

        :param ended: (N,) whether the episode ended, by termination or time-out.
        """
        self.bonus.observe(transitions)
        if len(self._ended) != len(ended):  # the first step, or the first of other environments
            self._begun, self._ended = transitions.obs.copy(), np.zeros_like(ended)
        self._begun[self._ended] = transitions.obs[self._ended]
        self._ended = ended.copy()

    def update(self, batch: Batch) -> dict[str, float]:
        """One gradient step of both on the same minibatch.

        :returns: the figures of the rewards' values; the mean bonus, and the mean value of the bonuses to come.
        """
        self.rewards.pace = self.novelty.pace = self.pace
        figures = self.rewards.update(batch)
        paid = self.without_end(batch)._replace(reward=self.bonus(batch))
        theirs = self.novelty.update(paid)
        self.updates += 1
        self.errors = np.abs(self.rewards.errors) + np.abs(self.novelty.errors)
        return {**figures, "bonus": float(paid.reward.mean()), "novelty": theirs["q"]}

    def without_end(self, batch: Batch) -> Batch:
        """The transitions as if life went on: the next episode's beginning follows a terminal state.

        How an episode begins does not hang on how another one ended, so any that was seen will do.
        """
        beginnings = self._begun[np.arange(len(batch.reward)) % len(self._begun)]
        after = np.where(batch.terminated[:, None], beginnings, batch.next_obs)
        return batch._replace(next_obs=after, terminated=np.zeros_like(batch.terminated))

    def policy(self) -> nn.Module:
        """The network of Q_E."""
        return self.rewards.policy()

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies."""
        parts = {name: getattr(self, name).state_dict() for name in ("rewards", "novelty", "bonus")}
        return {**parts, "begun": self._begun.copy(), "ended": self._ended.copy()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        for name in ("rewards", "novelty", "bonus"):
            getattr(self, name).load_state_dict(state[name])
        self.updates = self.rewards.updates
        self._begun, self._ended = np.array(state["begun"]), np.array(state["ended"])
