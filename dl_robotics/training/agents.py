"""What the reinforcement loop knows of an algorithm: it acts, and it learns from each step of all environments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from torch import nn

from dl_robotics.rl.algorithms import OffPolicyConfig
from dl_robotics.rl.replay import Batch
from dl_robotics.rl.spaces import ActionSpace
from dl_robotics.training.off_policy import OffPolicyAgent
from dl_robotics.training.on_policy import OnPolicyAgent
from dl_robotics.training.recipe import Recipe


class Agent(Protocol):
    """An algorithm with all that it remembers between steps."""

    def act(self, obs: npt.NDArray[np.float32], step: int) -> npt.NDArray[Any]:
        """Actions for observations (N, D): indices, or numbers in [-1, 1]."""

    def learn(self, transitions: Batch, ended: npt.NDArray[np.bool_], step: int) -> list[dict[str, float]]:
        """Take in one step of all environments; the figures of each update that it led to.

        :param ended: (N,) whether the episode ended, by termination or time-out.
        """

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


def make_agent(recipe: Recipe, obs_dim: int, space: ActionSpace, seeds: tuple[int, int, int]) -> Agent:
    """The agent of a recipe's algorithm.

    :param seeds: of first weights, exploration and replay.
    :raises ConfigError: if the algorithm does not choose from such a space.
    """
    if isinstance(recipe.algorithm, OffPolicyConfig):
        return OffPolicyAgent(recipe, recipe.algorithm, obs_dim, space, seeds)
    return OnPolicyAgent(recipe.algorithm, obs_dim, space, seeds[:2])
