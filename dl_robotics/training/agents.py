"""What the reinforcement loop knows of an algorithm: it acts, and it learns from each step of all environments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from torch import nn

from dl_robotics.rl.algorithms import OffPolicyConfig, RecurrentConfig
from dl_robotics.rl.dqn import DQNConfig
from dl_robotics.rl.mirror import Mirror
from dl_robotics.rl.replay import Batch
from dl_robotics.rl.spaces import ActionSpace, Discrete
from dl_robotics.training.collection import Source
from dl_robotics.training.curious import CuriousAgent
from dl_robotics.training.off_policy import OffPolicyAgent
from dl_robotics.training.on_policy import OnPolicyAgent
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.recurrent import RecurrentAgent
from dl_robotics.training.soundness import check_losses, check_transitions


class Agent(Protocol):
    """An algorithm with all that it remembers between steps."""

    def act(self, obs: npt.NDArray[np.float32], step: int) -> npt.NDArray[Any]:
        """Actions for observations (N, D): indices, or numbers in [-1, 1]."""

    def store(self, transitions: Batch, ended: npt.NDArray[np.bool_]) -> None:
        """Take in one step of all environments: all that acting again depends on, apart from learning.

        :param ended: (N,) whether the episode ended, by termination or time-out.
        """

    def learn(self, step: int) -> list[dict[str, float]]:
        """Make the updates that the step is worth; the figures of each. May run while environments step."""

    def figures(self, step: int) -> dict[str, float]:
        """How much it explores, for the log."""

    @property
    def network(self) -> nn.Module:
        """The greedy policy's, not to be changed."""

    @property
    def updates(self) -> int:
        """Gradient steps so far."""

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs: nested dictionaries of arrays and plain data."""

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""


def advance(recipe: Recipe, source: Source, agent: Agent, step: int) -> list[dict[str, float]]:
    """One step of all environments, and the updates that it is worth, or beside it those of the step before.

    :param step: of the training, once this one is done.
    :returns: the figures of each update.
    :raises TrainingError: if environments, policy or losses give numbers that are none.
    """
    before = step - recipe.num_envs
    source.begin(agent, step)
    figures = agent.learn(before) if recipe.overlap and before > 0 else []
    collected = source.finish()
    check_transitions(collected.transitions, step)
    agent.store(*collected)
    figures = figures if recipe.overlap else agent.learn(step)
    check_losses(figures, step)
    return figures


def make_agent(
    recipe: Recipe, obs_dim: int, space: ActionSpace, seeds: tuple[int, int, int], mirror: Mirror | None = None
) -> Agent:
    """The agent of a recipe's algorithm.

    :param seeds: of first weights, exploration and replay.
    :param mirror: the environment's, to learn from a replay by.
    :raises ConfigError: if the algorithm does not choose from such a space.
    """
    if recipe.bonus is not None and isinstance(recipe.algorithm, DQNConfig) and isinstance(space, Discrete):
        return CuriousAgent(recipe, recipe.algorithm, recipe.bonus, obs_dim, space, seeds)
    if isinstance(recipe.algorithm, OffPolicyConfig):
        return OffPolicyAgent(recipe, recipe.algorithm, obs_dim, space, seeds, mirror)
    if isinstance(recipe.algorithm, RecurrentConfig):
        return RecurrentAgent(recipe, recipe.algorithm, obs_dim, space, seeds)
    return OnPolicyAgent(recipe.algorithm, obs_dim, space, seeds[:2])
