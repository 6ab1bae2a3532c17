"""What the training loop knows of a learner with a memory, and what such learners share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from dl_robotics.rl.learner import Observations
from dl_robotics.rl.recurrent.network import RecurrentNetwork
from dl_robotics.rl.recurrent.sequences import Sequences, Values


class RecurrentLearner(Protocol):
    """Learns from sequences of a replay."""

    updates: int
    pace: float  # share of the learning rates that is in force, for updates to come

    def act(self, obs: Observations, state: Values) -> tuple[npt.NDArray[Any], Values]:
        """Greedy actions (N, ...) for observations (N, D), and the memory's next state (N, M)."""

    def update(self, batch: Sequences) -> dict[str, float]:
        """One gradient step; figures for the log."""

    def policy(self) -> nn.Module:
        """The greedy policy, with a memory of its own; not to change."""

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies."""

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""


@torch.no_grad()
def advance(network: RecurrentNetwork, obs: Observations, state: Values) -> tuple[Values, Values]:
    """One step of a network: outputs (N, K) and the next state (N, M)."""
    given, after = network(torch.from_numpy(obs)[:, None], torch.from_numpy(state))
    return given[:, 0].numpy(), after.numpy()


def tensors(batch: Sequences) -> tuple[torch.Tensor, ...]:
    """The fields of a batch, in order; without copies."""
    return tuple(torch.from_numpy(np.ascontiguousarray(field)) for field in batch)


def mean_where(values: torch.Tensor, counts: torch.Tensor) -> torch.Tensor:
    """Mean over the steps that count, both (B, T)."""
    return (values * counts).sum() / counts.sum()


def n_step_target(
    reward: torch.Tensor, after: torch.Tensor, counts: torch.Tensor, gamma: float, steps: int
) -> torch.Tensor:
    """(B, T) y_t = r_t + ... + gamma^(n-1) r_(t+n-1) + gamma^n V(h_(t+n)); fewer rewards where a sequence ends before.

    :param reward: (B, T).
    :param after: (B, T) V(h_(t+1)), 0 where s_(t+1) is terminal.
    :param counts: (B, T) whether the step is learned from: what follows one that is, is of the same episode.
    :param steps: n.
    """
    target = reward + gamma * after
    for _ in range(steps - 1):
        later = after.clone()
        later[:, :-1] = torch.where(counts[:, 1:], target[:, 1:], after[:, :-1])
        target = reward + gamma * later
    return target
