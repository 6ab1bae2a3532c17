"""A trained policy without its learner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from dl_robotics import config
from dl_robotics.rl.algorithms import AlgorithmConfig, policy_network
from dl_robotics.rl.spaces import ActionSpace, Continuous, Discrete


@dataclass(frozen=True)
class PolicyConfig:
    """What a policy's checkpoint tells of it.

    :param num_actions: of a discrete action space.
    :param actions: the box of a continuous one. Exactly one of both is given.
    :param training: the rest of the recipe, for the record.
    """

    algorithm: AlgorithmConfig
    obs_dim: int
    num_actions: int | None = None
    actions: Continuous | None = None
    training: Any = None

    def __post_init__(self) -> None:
        config.require(self.obs_dim >= 1, "obs_dim", ">= 1", self.obs_dim)
        config.require(self.num_actions is None or self.num_actions >= 1, "num_actions", ">= 1", self.num_actions)
        one = (self.num_actions is None) != (self.actions is None)
        config.require(one, "num_actions", "either num_actions or actions", self.num_actions)

    @property
    def space(self) -> ActionSpace:
        """What the policy chooses from."""
        return self.actions if self.num_actions is None and self.actions else Discrete(self.num_actions or 0)


class Saved(Protocol):
    """The part of a checkpoint that makes a policy."""

    @property
    def config(self) -> Mapping[str, Any]:
        """The fields of :class:`PolicyConfig`, as plain data."""

    @property
    def weights(self) -> Mapping[str, torch.Tensor]:
        """The network's ``state_dict``."""


class GreedyPolicy:
    """The best action: the one of greatest value or probability, or the one that a continuous actor gives.

    :param network: (N, obs_dim) to (N, actions), as :func:`.algorithms.policy_network` makes it.
    """

    def __init__(self, network: nn.Module, obs_dim: int, space: ActionSpace, device: str = "cpu") -> None:
        self.network, self.obs_dim, self.space, self.device = network.to(device), obs_dim, space, device

    @torch.inference_mode()
    def __call__(self, obs: npt.NDArray[np.float32]) -> npt.NDArray[Any]:
        """Actions for observations (N, D), as the environment takes them: (N,) int64, or (N, A) float32."""
        given = self.network(torch.from_numpy(obs).to(self.device)).cpu().numpy()
        if isinstance(self.space, Discrete):
            return np.asarray(given.argmax(axis=1), dtype=np.int64)
        return self.space.outwards(given)


def greedy_policy(saved: Saved, device: str = "cpu") -> GreedyPolicy:
    """The policy of a checkpoint.

    :raises ConfigError: if the checkpoint's config is not a policy's, or its weights are not that network's.
    """
    settings = config.from_dict(PolicyConfig, saved.config, "config")
    network = policy_network(settings.algorithm, settings.obs_dim, settings.space)
    expected = {name: tuple(weight.shape) for name, weight in network.state_dict().items()}
    found = {name: tuple(weight.shape) for name, weight in saved.weights.items()}
    config.require(found == expected, "weights", f"shapes {expected}", found)
    network.load_state_dict(saved.weights)
    return GreedyPolicy(network, settings.obs_dim, settings.space, device)
