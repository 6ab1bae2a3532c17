"""Learning from a replay buffer: DQN, DDPG, TD3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from torch import nn

from dl_robotics.rl.algorithms import OffPolicyConfig, make_learner
from dl_robotics.rl.dqn import DQNConfig
from dl_robotics.rl.exploration import ActionNoise, EpsilonGreedy, Explorer
from dl_robotics.rl.n_step import NStep
from dl_robotics.rl.prioritised import PrioritisedReplay
from dl_robotics.rl.replay import Batch, Replay, ReplayBuffer
from dl_robotics.rl.spaces import ActionSpace, Discrete
from dl_robotics.training.bonus import with_bonus
from dl_robotics.training.recipe import Recipe


class OffPolicyAgent:
    """An :class:`~dl_robotics.training.agents.Agent`: explorer, replay and learner.

    :param seeds: of first weights, exploration and replay.
    """

    def __init__(
        self, recipe: Recipe, config: OffPolicyConfig, obs_dim: int, space: ActionSpace, seeds: tuple[int, int, int]
    ) -> None:
        self.recipe = recipe
        self.learner = make_learner(config, obs_dim, space, seeds[0])
        self.explorer = _explorer(recipe, config, space)
        self.n_step = NStep(recipe.n_step, config.gamma)
        self.replay = with_bonus(recipe, _replay(recipe, obs_dim, space), obs_dim, space, seeds[0])
        self.explore_rng, self.replay_rng = (np.random.default_rng(seed) for seed in seeds[1:])
        self.updates_owed = 0.0

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

    def figures(self, step: int) -> dict[str, float]:
        """How much it explores."""
        return self.explorer.figures(step)

    @property
    def network(self) -> nn.Module:
        """The greedy policy's."""
        return self.learner.policy()

    @property
    def updates(self) -> int:
        """Gradient steps so far."""
        return self.learner.updates

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs."""
        rngs = {name: getattr(self, name).bit_generator.state for name in ("explore_rng", "replay_rng")}
        parts = {name: getattr(self, name).state_dict() for name in ("learner", "explorer", "n_step", "replay")}
        return {**parts, **rngs, "updates_owed": self.updates_owed}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        for name in ("learner", "explorer", "n_step", "replay"):
            getattr(self, name).load_state_dict(state[name])
        for name in ("explore_rng", "replay_rng"):
            getattr(self, name).bit_generator.state = state[name]
        self.updates_owed = float(state["updates_owed"])


def _explorer(recipe: Recipe, config: OffPolicyConfig, space: ActionSpace) -> Explorer:
    if isinstance(config, DQNConfig):
        return EpsilonGreedy(recipe.epsilon, space.count if isinstance(space, Discrete) else 0)
    return ActionNoise(config.noise, recipe.num_envs, 0 if isinstance(space, Discrete) else len(space.low))


def _replay(recipe: Recipe, obs_dim: int, space: ActionSpace) -> Replay:
    one = ((), np.int64) if isinstance(space, Discrete) else ((len(space.low),), np.float32)
    if recipe.priorities is None:
        return ReplayBuffer(recipe.replay_capacity, obs_dim, *one)
    return PrioritisedReplay(recipe.priorities, recipe.replay_capacity, obs_dim, *one)
