"""DQN with a bonus for novelty, which has a value function of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from dl_robotics.config import require
from dl_robotics.rl.bonus.choose import BonusConfig, make_bonus
from dl_robotics.rl.bonus.curious import CuriousDQN
from dl_robotics.rl.dqn import DQN, DQNConfig
from dl_robotics.rl.replay import Batch
from dl_robotics.rl.spaces import Discrete
from dl_robotics.training.off_policy import OffPolicyAgent
from dl_robotics.training.recipe import Recipe


class CuriousAgent(OffPolicyAgent):
    """An :class:`~dl_robotics.training.agents.Agent` that goes where it has not been.

    :param seeds: of first weights, exploration and replay.
    :raises ConfigError: if the recipe has workers, which act by the values of rewards alone.
    """

    def __init__(
        self,
        recipe: Recipe,
        config: DQNConfig,
        bonus: BonusConfig,
        obs_dim: int,
        space: Discrete,
        seeds: tuple[int, int, int],
    ) -> None:
        require(recipe.workers == 0, "workers", f"0 with {config.kind} and a bonus", recipe.workers)
        super().__init__(replace(recipe, bonus=None), config, obs_dim, space, seeds)
        first, second, third = (int(number) for number in np.random.SeedSequence(seeds[0]).generate_state(3))
        rewards = DQN(config, obs_dim, space.count, first)
        novelty = DQN(replace(config, gamma=bonus.gamma), obs_dim, space.count, second)
        self.learner = self.curious = CuriousDQN(rewards, novelty, make_bonus(bonus, obs_dim, space, third))

    def store(self, transitions: Batch, ended: npt.NDArray[np.bool_]) -> None:
        """Take in one step of all environments."""
        self.curious.meet(transitions, ended)
        super().store(transitions, ended)
