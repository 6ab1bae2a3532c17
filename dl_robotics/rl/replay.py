"""Experience replay (Lin 1992; Mnih et al. 2015): a ring of transitions, sampled uniformly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt


class Batch(NamedTuple):
    """B transitions.

    ``terminated`` tells a true end of the episode, after which nothing is earned. A time-out is no end: its
    ``next_obs`` is the last observation before the reset, and the target bootstraps from it (Pardo et al. 2018).
    """

    obs: npt.NDArray[np.float32]  # (B, D)
    action: npt.NDArray[Any]  # (B,) int64, or (B, A) float32
    reward: npt.NDArray[np.float32]  # (B,)
    next_obs: npt.NDArray[np.float32]  # (B, D)
    terminated: npt.NDArray[np.bool_]  # (B,)
    steps: npt.NDArray[np.int64] | int = 1  # (B,) how many steps ``reward`` sums up, discounted (see n_step.py)
    weight: npt.NDArray[np.float32] | None = None  # (B,) of each sample in the loss; None where all count alike


class Replay(Protocol):
    """What an off-policy learner draws its batches from."""

    def __len__(self) -> int:
        """Transitions stored."""

    def add(self, transitions: Batch) -> None:
        """Store N transitions over the oldest ones."""

    def sample(self, batch_size: int, rng: np.random.Generator) -> Batch:
        """Draw transitions."""

    def learned(self, errors: npt.NDArray[np.float32]) -> None:
        """Be told the temporal-difference errors (B,) of the last sample."""

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs."""

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""


class ReplayBuffer:
    """The last ``capacity`` transitions, in memory that is allocated once.

    :param capacity: number of transitions.
    :param obs_dim: D.
    :param action_shape: shape of one action, ``()`` for a discrete one.
    :param action_dtype: ``int64`` for discrete actions.
    """

    def __init__(
        self, capacity: int, obs_dim: int, action_shape: tuple[int, ...] = (), action_dtype: npt.DTypeLike = np.int64
    ) -> None:
        self.capacity = capacity
        self._position, self._size = 0, 0
        self._storage: dict[str, npt.NDArray[Any]] = {
            "obs": np.zeros((capacity, obs_dim), np.float32),
            "action": np.zeros((capacity, *action_shape), action_dtype),
            "reward": np.zeros(capacity, np.float32),
            "next_obs": np.zeros((capacity, obs_dim), np.float32),
            "terminated": np.zeros(capacity, np.bool_),
            "steps": np.ones(capacity, np.int64),
        }

    def __len__(self) -> int:
        return self._size

    def add(self, transitions: Batch) -> None:
        """Store N transitions over the oldest ones.

        :raises ValueError: if N is greater than the capacity.
        """
        rows = self.next_rows(len(transitions.reward))
        for name, stored in self._storage.items():
            stored[rows] = getattr(transitions, name)
        self._position = (self._position + len(rows)) % self.capacity
        self._size = min(self._size + len(rows), self.capacity)

    def next_rows(self, count: int) -> npt.NDArray[np.int64]:
        """Where the next transitions will lie.

        :raises ValueError: if they are more than the capacity.
        """
        if count > self.capacity:
            raise ValueError(f"replay buffer: expected at most {self.capacity} transitions at once, got {count}")
        rows: npt.NDArray[np.int64] = (self._position + np.arange(count)) % self.capacity
        return rows

    def sample(self, batch_size: int, rng: np.random.Generator) -> Batch:
        """Draw transitions uniformly, with replacement; the arrays are copies.

        :raises ValueError: if the buffer is empty.
        """
        return self.rows(rng.integers(self._size, size=batch_size))

    def rows(self, rows: npt.NDArray[np.int64]) -> Batch:
        """The transitions of these rows, as copies."""
        return Batch(**{name: stored.take(rows, axis=0) for name, stored in self._storage.items()})

    def learned(self, errors: npt.NDArray[np.float32]) -> None:
        """Nothing: every transition stays equally likely."""

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs: the filled rows (copies) and the place of the next one."""
        rows = {name: stored[: self._size].copy() for name, stored in self._storage.items()}
        return {**rows, "position": self._position}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave.

        :raises ValueError: if it does not fit this buffer's capacity and shapes.
        """
        size = len(state["reward"])
        for name, stored in self._storage.items():
            if size > self.capacity or tuple(state[name].shape) != (size, *stored.shape[1:]):
                expected = f"at most {self.capacity} rows of shape {stored.shape[1:]}"
                raise ValueError(f"replay buffer: {name}: expected {expected}, got shape {tuple(state[name].shape)}")
            stored[:size] = state[name]
        self._size, self._position = size, int(state["position"])
