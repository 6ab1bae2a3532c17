"""Learning from a replay buffer: DQN, DDPG, TD3."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dl_robotics.rl.algorithms import OffPolicyConfig, make_learner
from dl_robotics.rl.learner import Learner
from dl_robotics.rl.mirror import Mirror, MirroredReplay
from dl_robotics.rl.n_step import NStep
from dl_robotics.rl.prioritised import PrioritisedReplay
from dl_robotics.rl.replay import Batch, Replay, ReplayBuffer
from dl_robotics.rl.spaces import ActionSpace, Discrete
from dl_robotics.training.bonus import with_bonus
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.replay_agent import ReplayAgent


class OffPolicyAgent(ReplayAgent):
    """An :class:`~dl_robotics.training.agents.Agent`: explorer, replay and learner.

    :param seeds: of first weights, exploration and replay.
    :param mirror: the environment's; transitions are learned from as they were unless given.
    """

    PARTS = ("learner", "explorer", "n_step", "replay")

    def __init__(
        self,
        recipe: Recipe,
        config: OffPolicyConfig,
        obs_dim: int,
        space: ActionSpace,
        seeds: tuple[int, int, int],
        mirror: Mirror | None = None,
    ) -> None:
        super().__init__(recipe, config, space, seeds[1:])
        self.learner: Learner = make_learner(config, obs_dim, space, seeds[0])
        self.n_step = NStep(recipe.n_step, config.gamma)
        replay = with_bonus(recipe, _replay(recipe, obs_dim, space), obs_dim, space, seeds[0])
        self.replay = replay if mirror is None else MirroredReplay(replay, mirror)

    def act(self, obs: npt.NDArray[np.float32], step: int) -> npt.NDArray[Any]:
        """Exploring actions for observations (N, D)."""
        return self.explorer.explore(self.learner.act(obs), step, self.explore_rng)

    def store(self, transitions: Batch, ended: npt.NDArray[np.bool_]) -> None:
        """Take in one step of all environments."""
        self.learner.observe(transitions.obs)
        self.replay.add(self.n_step(transitions, ended))
        self.explorer.ended(ended)

    def learn(self, step: int) -> list[dict[str, float]]:
        """Make the updates that a step of all environments is worth, a fraction carried over."""
        if step < self.recipe.learning_starts:
            return []
        self.learner.pace = self.recipe.pace(step)
        self.updates_owed += self.recipe.num_envs * self.recipe.updates_per_step
        figures = []
        while self.updates_owed >= 1.0 and len(self.replay):
            figures.append(self.learner.update(self.replay.sample(self.recipe.batch_size, self.replay_rng)))
            self.replay.learned(self.learner.errors)
            self.updates_owed -= 1.0
        return figures


def _replay(recipe: Recipe, obs_dim: int, space: ActionSpace) -> Replay:
    one = ((), np.int64) if isinstance(space, Discrete) else ((len(space.low),), np.float32)
    if recipe.priorities is None:
        return ReplayBuffer(recipe.replay_capacity, obs_dim, *one)
    return PrioritisedReplay(recipe.priorities, recipe.replay_capacity, obs_dim, *one)
