"""What agents that learn from a replay share: who explores, what it has come to, and what a resumed run needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from torch import nn

from dl_robotics.rl.algorithms import OffPolicyConfig, RecurrentConfig
from dl_robotics.rl.dqn import DQNConfig
from dl_robotics.rl.exploration import ActionNoise, EpsilonGreedy, Explorer
from dl_robotics.rl.recurrent.drqn import DRQNConfig
from dl_robotics.rl.spaces import ActionSpace, Discrete
from dl_robotics.training.recipe import Recipe


class ReplayAgent:
    """The common part; ``PARTS`` names the attributes that have a state."""

    PARTS: ClassVar[tuple[str, ...]] = ("learner", "explorer", "replay")
    learner: Any

    def __init__(
        self, recipe: Recipe, config: OffPolicyConfig | RecurrentConfig, space: ActionSpace, seeds: tuple[int, int]
    ) -> None:
        self.recipe = recipe
        self.explorer = _explorer(recipe, config, space)
        self.explore_rng, self.replay_rng = (np.random.default_rng(seed) for seed in seeds)
        self.updates_owed = 0.0

    def figures(self, step: int) -> dict[str, float]:
        """How much it explores."""
        return self.explorer.figures(step)

    @property
    def network(self) -> nn.Module:
        """The greedy policy's."""
        network: nn.Module = self.learner.policy()
        return network

    @property
    def updates(self) -> int:
        """Gradient steps so far."""
        return int(self.learner.updates)

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs."""
        rngs = {name: getattr(self, name).bit_generator.state for name in ("explore_rng", "replay_rng")}
        parts = {name: getattr(self, name).state_dict() for name in self.PARTS}
        return {**parts, **rngs, "updates_owed": self.updates_owed}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        for name in self.PARTS:
            getattr(self, name).load_state_dict(state[name])
        for name in ("explore_rng", "replay_rng"):
            getattr(self, name).bit_generator.state = state[name]
        self.updates_owed = float(state["updates_owed"])


def _explorer(recipe: Recipe, config: OffPolicyConfig | RecurrentConfig, space: ActionSpace) -> Explorer:
    if isinstance(config, DQNConfig | DRQNConfig):
        return EpsilonGreedy(recipe.epsilon, space.count if isinstance(space, Discrete) else 0)
    return ActionNoise(config.noise, recipe.num_envs, 0 if isinstance(space, Discrete) else len(space.low))
