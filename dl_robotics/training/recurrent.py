"""Learning from a replay of sequences: DRQN, recurrent TD3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from torch import nn

from dl_robotics.config import require
from dl_robotics.rl.algorithms import RecurrentConfig, make_recurrent_learner
from dl_robotics.rl.exploration import ActionNoise, EpsilonGreedy, Explorer
from dl_robotics.rl.recurrent.drqn import DRQNConfig
from dl_robotics.rl.recurrent.sequences import SequenceReplay
from dl_robotics.rl.replay import Batch
from dl_robotics.rl.spaces import ActionSpace, Discrete
from dl_robotics.training.recipe import Recipe


class RecurrentAgent:
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
        self.recipe = recipe
        self.learner = make_recurrent_learner(config, obs_dim, space, seeds[0])
        self.explorer = _explorer(recipe, config, space)
        one = ((), np.int64) if isinstance(space, Discrete) else ((len(space.low),), np.float32)
        self.replay = SequenceReplay(config.memory, recipe.replay_capacity, recipe.num_envs, obs_dim, *one)
        self.explore_rng, self.replay_rng = (np.random.default_rng(seed) for seed in seeds[1:])
        self.updates_owed = 0.0
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
        self.updates_owed += self.recipe.num_envs * self.recipe.updates_per_step
        due = int(self.updates_owed)
        self.updates_owed -= due
        return [self.learner.update(self.replay.sample(self.recipe.batch_size, self.replay_rng)) for _ in range(due)]

    def figures(self, step: int) -> dict[str, float]:
        """How much it explores."""
        return self.explorer.figures(step)

    @property
    def network(self) -> nn.Module:
        """The greedy policy's, with a memory of its own."""
        return self.learner.policy()

    @property
    def updates(self) -> int:
        """Gradient steps so far."""
        return self.learner.updates

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs."""
        rngs = {name: getattr(self, name).bit_generator.state for name in ("explore_rng", "replay_rng")}
        parts = {name: getattr(self, name).state_dict() for name in ("learner", "explorer", "replay")}
        return {**parts, **rngs, "state": self.state.copy(), "updates_owed": self.updates_owed}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        for name in ("learner", "explorer", "replay"):
            getattr(self, name).load_state_dict(state[name])
        for name in ("explore_rng", "replay_rng"):
            getattr(self, name).bit_generator.state = state[name]
        self.state, self.updates_owed = np.array(state["state"]), float(state["updates_owed"])


def _explorer(recipe: Recipe, config: RecurrentConfig, space: ActionSpace) -> Explorer:
    if isinstance(config, DRQNConfig):
        return EpsilonGreedy(recipe.epsilon, space.count if isinstance(space, Discrete) else 0)
    return ActionNoise(config.noise, recipe.num_envs, 0 if isinstance(space, Discrete) else len(space.low))
