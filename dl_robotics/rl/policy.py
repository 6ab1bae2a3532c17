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
from dl_robotics.rl.algorithms import PolicyAlgorithm, policy_network
from dl_robotics.rl.mirror import BothSides, Mirror
from dl_robotics.rl.recurrent.policy import Recalling
from dl_robotics.rl.spaces import ActionSpace, Continuous, Discrete


@dataclass(frozen=True)
class PolicyConfig:
    """What a policy's checkpoint tells of it.

    :param num_actions: of a discrete action space.
    :param actions: the box of a continuous one. Exactly one of both is given.
    :param training: the rest of the recipe, for the record.
    :param mirror: of a task that was learned on both sides.
    """

    algorithm: PolicyAlgorithm
    obs_dim: int
    num_actions: int | None = None
    actions: Continuous | None = None
    training: Any = None
    mirror: Mirror | None = None

    def __post_init__(self) -> None:
        config.require(self.obs_dim >= 1, "obs_dim", ">= 1", self.obs_dim)
        config.require(self.num_actions is None or self.num_actions >= 1, "num_actions", ">= 1", self.num_actions)
        one = (self.num_actions is None) != (self.actions is None)
        config.require(one, "num_actions", "either num_actions or actions", self.num_actions)
        if self.mirror is not None:
            actions = self.num_actions or len(self.actions.low if self.actions else ())
            for name, reflection, size in (
                ("obs", self.mirror.obs, self.obs_dim),
                ("action", self.mirror.action, actions),
            ):
                found = len(reflection.source)
                config.require(found == size, f"mirror.{name}", f"{size} numbers", found)

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
    """The best action: the one of greatest value or probability, the one that a continuous actor gives, or the mean.

    :param network: (N, obs_dim) to (N, actions), as :func:`.algorithms.policy_network` makes it. What follows after the
        actions is not looked at: a Gaussian policy tells its deviations there.
    """

    def __init__(self, network: nn.Module, obs_dim: int, space: ActionSpace, device: str = "cpu") -> None:
        self.network, self.obs_dim, self.space, self.device = network.to(device), obs_dim, space, device

    @torch.inference_mode()
    def __call__(self, obs: npt.NDArray[np.float32], who: npt.NDArray[np.int64] | None = None) -> npt.NDArray[Any]:
        """Actions for observations (N, D), as the environment takes them: (N,) int64, or (N, A) float32.

        :param who: (N,) the number of each row's episode, to a policy that remembers them; 0 to N - 1 unless given.
        """
        seen = torch.from_numpy(obs).to(self.device)
        given = (self.network(seen, who) if isinstance(self.network, Recalling) else self.network(seen)).cpu().numpy()
        if isinstance(self.space, Discrete):
            return np.asarray(given.argmax(axis=1), dtype=np.int64)
        return self.space.outwards(given[:, : len(self.space.low)])

    def reset(self, ended: npt.NDArray[np.bool_] | None = None) -> None:
        """Forget what a policy that remembers knows of the episodes that ended, (N,), or of all of them."""
        if isinstance(self.network, Recalling):
            self.network.reset(ended)


def greedy_policy(saved: Saved, device: str = "cpu", where: str = "") -> GreedyPolicy:
    """The policy of a checkpoint.

    :param where: what errors begin with, e.g. the checkpoint's path.
    :raises ConfigError: if the checkpoint's config is not a policy's, or its weights are not that network's.
    """
    settings = config.from_dict(PolicyConfig, saved.config, f"{where}config")
    _check_weights(saved.weights, _expected_weights(settings, where), f"{where}weights")
    network = policy_network(settings.algorithm, settings.obs_dim, settings.space)
    network.load_state_dict(saved.weights)
    return GreedyPolicy(judged_network(network, settings.mirror), settings.obs_dim, settings.space, device)


def judged_network(network: nn.Module, mirror: Mirror | None) -> nn.Module:
    """What chooses where a policy is used: the network itself, or on both sides of a mirror."""
    return network if mirror is None else BothSides(network, mirror)


def _expected_weights(settings: PolicyConfig, where: str) -> Mapping[str, torch.Tensor]:
    """What a policy's weights are like, without their memory: a stranger's sizes may be of any size."""
    try:
        with torch.device("meta"):
            return policy_network(settings.algorithm, settings.obs_dim, settings.space).state_dict()
    except config.ConfigError as error:
        raise config.ConfigError(f"{where}{error}") from error
    except (RuntimeError, TypeError, OverflowError) as error:
        raise config.ConfigError(f"{where}config: expected sizes that a network can have: {error}") from error


def _check_weights(found: Mapping[str, torch.Tensor], expected: Mapping[str, torch.Tensor], where: str) -> None:
    """Refuse weights of another network, or that are no numbers, by the name of the first one."""
    for name in sorted({*expected, *found}):
        ours, theirs = (_described(weights.get(name)) for weights in (expected, found))
        config.require(ours == theirs, f"{where}.{name}", ours, theirs)
        config.require(bool(found[name].isfinite().all()), f"{where}.{name}", "finite numbers", "NaN or infinity")


def _described(weight: torch.Tensor | None) -> str:
    return "no such weight" if weight is None else f"{str(weight.dtype).removeprefix('torch.')} {tuple(weight.shape)}"
