"""Learning from a replay of sequences: DRQN, recurrent TD3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from dl_robotics.config import require
from dl_robotics.rl.algorithms import RecurrentConfig, make_recurrent_learner
from dl_robotics.rl.recurrent.learner import RecurrentLearner
from dl_robotics.rl.recurrent.sequences import SequenceReplay
from dl_robotics.rl.replay import Batch
from dl_robotics.rl.spaces import ActionSpace, Discrete
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.replay_agent import ReplayAgent


class RecurrentAgent(ReplayAgent):
    """An :class:`~dl_robotics.training.agents.Agent` that remembers the running episode of every environment.

    :param seeds: of first weights, exploration and replay.
    :raises ConfigError: if the recipe asks for what sequences have not.
    """

    def __init__(
        self, recipe: Recipe, config: RecurrentConfig, obs_dim: int, space: ActionSpace, seeds: tuple[int, int, int]
    ) -> None:
        for name in ("priorities", "bonus"):
            require(getattr(recipe, name) is None, name, f"none with {config.kind}", getattr(recipe, name))
        require(recipe.n_step == 1, "n_step", f"1 with {config.kind}", recipe.n_step)
        require(recipe.workers == 0, "workers", f"0 with {config.kind}", recipe.workers)
        super().__init__(recipe, config, space, seeds[1:])
        self.learner: RecurrentLearner = make_recurrent_learner(config, obs_dim, space, seeds[0])
        one = ((), np.int64) if isinstance(space, Discrete) else ((len(space.low),), np.float32)
        self.replay = SequenceReplay(config.memory, recipe.replay_capacity, recipe.num_envs, obs_dim, *one)
        self.state = np.zeros((recipe.num_envs, config.memory.units), np.float32)
        self._before = self.state  # the last actions

    def act(self, obs: npt.NDArray[np.float32], step: int) -> npt.NDArray[Any]:
        """Exploring actions for observations (N, D)."""
        self._before = self.state
        greedy, self.state = self.learner.act(obs, self.state)
        return self.explorer.explore(greedy, step, self.explore_rng)

    def store(self, transitions: Batch, ended: npt.NDArray[np.bool_]) -> None:
        """Take in one step of all environments; forget the episodes that it ended."""
        self.replay.add(transitions, ended, self._before)
        self.state = np.where(ended[:, None], np.float32(0.0), self.state)
        self.explorer.ended(ended)

    def learn(self, step: int) -> list[dict[str, float]]:
        """Make the updates that a step of all environments is worth, a fraction carried over."""
        if step < self.recipe.learning_starts:
            return []
        self.learner.pace = self.recipe.pace(step)
        self.updates_owed += self.recipe.num_envs * self.recipe.updates_per_step
        due = int(self.updates_owed)
        self.updates_owed -= due
        return [self.learner.update(self.replay.sample(self.recipe.batch_size, self.replay_rng)) for _ in range(due)]

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs."""
        return {**super().state_dict(), "state": self.state.copy()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        super().load_state_dict(state)
        self.state = np.array(state["state"])
