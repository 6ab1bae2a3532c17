"""Learning from what the present policy has just done: REINFORCE, A2C."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from torch import nn

from dl_robotics.rl.a2c import A2C, A2CConfig
from dl_robotics.rl.algorithms import OnPolicyConfig
from dl_robotics.rl.policy_gradient import OnPolicyLearner
from dl_robotics.rl.reinforce import Reinforce
from dl_robotics.rl.replay import Batch
from dl_robotics.rl.rollout import RolloutBuffer
from dl_robotics.rl.spaces import ActionSpace


class OnPolicyAgent:
    """An :class:`~dl_robotics.training.agents.Agent` that draws its actions from its policy.

    :param seeds: of first weights and exploration.
    """

    def __init__(self, config: OnPolicyConfig, obs_dim: int, space: ActionSpace, seeds: tuple[int, int]) -> None:
        self.learner = _learner(config, obs_dim, space, seeds[0])
        self.explore_rng = np.random.default_rng(seeds[1])
        self.collected = RolloutBuffer()

    def act(self, obs: npt.NDArray[np.float32], step: int) -> npt.NDArray[Any]:
        """Actions (N, ...) drawn from the policy."""
        return self.learner.sample(obs, self.explore_rng)

    def store(self, transitions: Batch, ended: npt.NDArray[np.bool_]) -> None:
        """Take in one step of all environments."""
        self.collected.add(transitions, ended)

    def learn(self, step: int) -> list[dict[str, float]]:
        """Learn when enough is there."""
        if not self.learner.due(self.collected):
            return []
        return [self.learner.update(self.learner.take(self.collected))]

    def figures(self, step: int) -> dict[str, float]:
        """Nothing: the policy itself explores."""
        return {}

    @property
    def network(self) -> nn.Module:
        """The policy's."""
        return self.learner.network

    @property
    def updates(self) -> int:
        """Gradient steps so far."""
        return self.learner.updates

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs."""
        learner, collected = self.learner.state_dict(), self.collected.state_dict()
        return {"learner": learner, "collected": collected, "explore_rng": self.explore_rng.bit_generator.state}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self.learner.load_state_dict(state["learner"])
        self.collected.load_state_dict(state["collected"])
        self.explore_rng.bit_generator.state = state["explore_rng"]


def _learner(config: OnPolicyConfig, obs_dim: int, space: ActionSpace, seed: int) -> OnPolicyLearner:
    if isinstance(config, A2CConfig):
        return A2C(config, obs_dim, space, seed)
    return Reinforce(config, obs_dim, space, seed)
