"""Experience replay (Lin 1992; Mnih et al. 2015): a ring of transitions, sampled uniformly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

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
        self._storage = Batch(
            obs=np.zeros((capacity, obs_dim), np.float32),
            action=np.zeros((capacity, *action_shape), action_dtype),
            reward=np.zeros(capacity, np.float32),
            next_obs=np.zeros((capacity, obs_dim), np.float32),
            terminated=np.zeros(capacity, np.bool_),
        )

    def __len__(self) -> int:
        return self._size

    def add(self, transitions: Batch) -> None:
        """Store N transitions over the oldest ones.

        :raises ValueError: if N is greater than the capacity.
        """
        count = len(transitions.reward)
        if count > self.capacity:
            raise ValueError(f"replay buffer: expected at most {self.capacity} transitions at once, got {count}")
        rows = (self._position + np.arange(count)) % self.capacity
        for stored, new in zip(self._storage, transitions, strict=True):
            stored[rows] = new
        self._position = (self._position + count) % self.capacity
        self._size = min(self._size + count, self.capacity)

    def sample(self, batch_size: int, rng: np.random.Generator) -> Batch:
        """Draw transitions uniformly, with replacement; the arrays are copies.

        :raises ValueError: if the buffer is empty.
        """
        rows = rng.integers(self._size, size=batch_size)
        return Batch._make(stored.take(rows, axis=0) for stored in self._storage)

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs: the filled rows (copies) and the place of the next one."""
        rows = {name: stored[: self._size].copy() for name, stored in self._storage._asdict().items()}
        return {**rows, "position": self._position}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave.

        :raises ValueError: if it does not fit this buffer's capacity and shapes.
        """
        size = len(state["reward"])
        for name, stored in self._storage._asdict().items():
            if size > self.capacity or state[name].shape != (size, *stored.shape[1:]):
                expected = f"at most {self.capacity} rows of shape {stored.shape[1:]}"
                raise ValueError(f"replay buffer: {name}: expected {expected}, got shape {state[name].shape}")
            stored[:size] = state[name]
        self._size, self._position = size, int(state["position"])
