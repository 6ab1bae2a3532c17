"""Where left and right are alike, so are their values: each experience counts as it would look in a mirror, too.

A policy learns from twice as many transitions as it was given, and chooses by what its network says on both sides.
(van der Pol et al. 2020 build such a symmetry into the network's layers; here the data carry it, and an average.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from dl_robotics.config import require
from dl_robotics.rl.replay import Batch, Replay


@dataclass(frozen=True)
class Reflection:
    """What becomes of D numbers in the mirror. What is mirrored twice is as it was.

    :param source: (D,) where each comes from.
    :param sign: (D,) 1, or -1 where left and right differ by sign.
    """

    source: tuple[int, ...]
    sign: tuple[float, ...]

    def __post_init__(self) -> None:
        numbers = range(len(self.source))
        twice = [self.source[at] for at in self.source if at in numbers] == list(numbers)
        require(twice, "source", "numbers that lead to each other", self.source)
        alike = len(self.sign) == len(numbers) and all(abs(sign) == 1.0 for sign in self.sign)
        alike = alike and all(self.sign[at] == sign for at, sign in zip(self.source, self.sign, strict=True))
        require(alike, "sign", "1 or -1 for each source, alike on both sides", self.sign)

    @property
    def arrays(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """Both, to reckon with."""
        return np.array(self.source, np.int64), np.array(self.sign, np.float32)


@dataclass(frozen=True)
class Mirror:
    """How an environment looks in the mirror.

    :param obs: its observations.
    :param action: actions in a box, or the values of discrete ones.
    """

    obs: Reflection
    action: Reflection


class MirroredReplay:
    """A :class:`~dl_robotics.rl.replay.Replay` whose samples are by half seen in the mirror."""

    def __init__(self, replay: Replay, mirror: Mirror) -> None:
        self._replay = replay
        self._obs, self._action = mirror.obs.arrays, mirror.action.arrays

    def __len__(self) -> int:
        return len(self._replay)

    def add(self, transitions: Batch) -> None:
        """Store N transitions over the oldest ones."""
        self._replay.add(transitions)

    def sample(self, batch_size: int, rng: np.random.Generator) -> Batch:
        """Draw transitions, and mirror every second one."""
        batch = self._replay.sample(batch_size, rng)
        half = slice(0, None, 2)
        for rows in (batch.obs, batch.next_obs):
            _reflect(rows[half], *self._obs)
        if batch.action.ndim == 1:  # an index: of the action on the other side
            batch.action[half] = self._action[0][batch.action[half]]
        else:
            _reflect(batch.action[half], *self._action)
        return batch

    def learned(self, errors: npt.NDArray[np.float32]) -> None:
        """Be told the temporal-difference errors (B,) of the last sample."""
        self._replay.learned(errors)

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs."""
        return self._replay.state_dict()

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self._replay.load_state_dict(state)


def _reflect(rows: npt.NDArray[np.float32], source: npt.NDArray[np.int64], sign: npt.NDArray[np.float32]) -> None:
    """Let rows (N, D) be what they are in the mirror."""
    rows[...] = rows.take(source, axis=1) * sign


class BothSides(nn.Module):
    """What a network says, and what it says in the mirror, on average: alike to left and right, and with less noise.

    :param network: (N, D) to (N, actions).
    """

    obs_source: torch.Tensor
    obs_sign: torch.Tensor
    action_source: torch.Tensor
    action_sign: torch.Tensor

    def __init__(self, network: nn.Module, mirror: Mirror) -> None:
        super().__init__()
        self.network = network
        for name, array in zip(("obs_source", "obs_sign"), mirror.obs.arrays, strict=True):
            self.register_buffer(name, torch.from_numpy(array), persistent=False)
        for name, array in zip(("action_source", "action_sign"), mirror.action.arrays, strict=True):
            self.register_buffer(name, torch.from_numpy(array), persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, D) to (N, actions)."""
        here, there = self.network(torch.cat([x, x[:, self.obs_source] * self.obs_sign])).chunk(2)
        average: torch.Tensor = (here + there[:, self.action_source] * self.action_sign) / 2.0
        return average
