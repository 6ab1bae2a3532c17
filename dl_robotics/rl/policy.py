"""A trained policy without its learner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch

from dl_robotics import config
from dl_robotics.nn.mlp import MLP
from dl_robotics.rl.dqn import DQNConfig, q_network


@dataclass(frozen=True)
class PolicyConfig:
    """What a policy's checkpoint tells of it.

    :param training: the rest of the recipe, for the record.
    """

    algorithm: DQNConfig
    obs_dim: int
    num_actions: int
    training: Any = None

    def __post_init__(self) -> None:
        config.require(self.obs_dim >= 1, "obs_dim", ">= 1", self.obs_dim)
        config.require(self.num_actions >= 1, "num_actions", ">= 1", self.num_actions)


class Saved(Protocol):
    """The part of a checkpoint that makes a policy."""

    @property
    def config(self) -> Mapping[str, Any]:
        """The fields of :class:`PolicyConfig`, as plain data."""

    @property
    def weights(self) -> Mapping[str, torch.Tensor]:
        """The network's ``state_dict``."""


class GreedyPolicy:
    """The action of greatest value."""

    def __init__(self, network: MLP, device: str = "cpu") -> None:
        self.network, self.device = network.to(device), device

    @property
    def obs_dim(self) -> int:
        """D, the number of inputs."""
        return self.network.sizes[0]

    @torch.inference_mode()
    def __call__(self, obs: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
        """Actions (N,) for observations (N, D)."""
        values = self.network(torch.from_numpy(obs).to(self.device))
        return np.asarray(values.argmax(dim=1).cpu().numpy(), dtype=np.int64)


def greedy_policy(saved: Saved, device: str = "cpu") -> GreedyPolicy:
    """The policy of a checkpoint.

    :raises ConfigError: if the checkpoint's config is not a policy's, or its weights are not that network's.
    """
    settings = config.from_dict(PolicyConfig, saved.config, "config")
    network = q_network(settings.algorithm, settings.obs_dim, settings.num_actions)
    expected = {name: tuple(weight.shape) for name, weight in network.state_dict().items()}
    found = {name: tuple(weight.shape) for name, weight in saved.weights.items()}
    config.require(found == expected, "weights", f"shapes {expected}", found)
    network.load_state_dict(saved.weights)
    return GreedyPolicy(network, device)
