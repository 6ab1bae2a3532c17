"""Experience replay of sequences that stay within an episode, with the memory that they began with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dl_robotics.rl.recurrent.network import MemoryConfig
from dl_robotics.rl.replay import Batch

Mask = npt.NDArray[np.bool_]
Values = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]


class Sequences(NamedTuple):
    """B sequences of T steps; T is burn-in and length together.

    A sequence that is shorter, as its episode begins or ends there, is filled up with steps that do not count.
    """

    obs: Values  # (B, T + 1, D), the last one after the last step
    action: npt.NDArray[Any]  # (B, T) int64, or (B, T, A) float32
    reward: Values  # (B, T)
    terminated: Mask  # (B, T)
    counts: Mask  # (B, T) whether the step is learned from
    state: Values  # (B, M) of the memory before the first step, as it was then


class SequenceReplay:
    """The last steps of N environments, in rings of equal length.

    :param capacity: steps of all environments together.
    :param num_envs: N.
    :param action_shape: shape of one action, ``()`` for a discrete one.
    """

    def __init__(
        self,
        memory: MemoryConfig,
        capacity: int,
        num_envs: int,
        obs_dim: int,
        action_shape: tuple[int, ...] = (),
        action_dtype: npt.DTypeLike = np.int64,
    ) -> None:
        self.memory, self.rows, self.num_envs = memory, capacity // num_envs, num_envs
        if self.rows < 1:
            raise ValueError(f"sequence replay: expected a capacity of at least {num_envs} steps, got {capacity}")
        self._next, self._filled = 0, 0  # rows
        shape = (self.rows, num_envs)
        self._storage: dict[str, npt.NDArray[Any]] = {
            "obs": np.zeros((*shape, obs_dim), np.float32),
            "action": np.zeros((*shape, *action_shape), action_dtype),
            "reward": np.zeros(shape, np.float32),
            "next_obs": np.zeros((*shape, obs_dim), np.float32),
            "terminated": np.zeros(shape, np.bool_),
            "ended": np.zeros(shape, np.bool_),
            "state": np.zeros((*shape, memory.units), np.float32),
            "age": np.zeros(shape, np.int64),  # steps since the episode began
        }
        self._age = np.zeros(num_envs, np.int64)

    def __len__(self) -> int:
        return self._filled * self.num_envs

    def add(self, transitions: Batch, ended: Mask, state: Values) -> None:
        """Store one step of all environments over the oldest one.

        :param ended: (N,) whether the episode ended, by termination or time-out.
        :param state: (N, M) of the memory before the step.
        """
        own = {"ended": ended, "state": state, "age": self._age}
        for name, stored in self._storage.items():
            stored[self._next] = own[name] if name in own else getattr(transitions, name)
        self._age = np.where(ended, 0, self._age + 1)
        self._next = (self._next + 1) % self.rows
        self._filled = min(self._filled + 1, self.rows)

    def sample(self, batch_size: int, rng: np.random.Generator) -> Sequences:
        """Draw the first steps to learn from, uniformly, with what came before and after them in their episodes.

        :raises ValueError: if nothing is stored.
        """
        first = rng.integers(self._filled, size=batch_size)  # 0 is the oldest
        return self.around(first, rng.integers(self.num_envs, size=batch_size))

    def around(self, first: Rows, env: Rows) -> Sequences:
        """The sequences whose first step to learn from is this one of this environment, as copies."""
        burn_in, length = self.memory.burn_in, self.memory.length
        before = np.minimum(np.minimum(burn_in, self._storage["age"][self._row(first), env]), first)  # (B,)
        column = np.arange(burn_in + length)
        steps = (first - before)[:, None] + column  # (B, T)
        at = self._row(np.minimum(steps, self._filled - 1)), env[:, None]
        ended = self._storage["ended"][at]
        over = np.cumsum(ended, axis=1) - ended > 0  # an earlier step of the sequence ended the episode
        due = (column >= before[:, None]) & (column < before[:, None] + length)
        begin = self._row(steps[:, 0]), env
        obs = np.concatenate([self._storage["obs"][begin][:, None], self._storage["next_obs"][at]], axis=1)
        action, reward, terminated = (self._storage[name][at] for name in ("action", "reward", "terminated"))
        counts = due & ~over & (steps < self._filled)
        return Sequences(obs, action, reward, terminated, counts, self._storage["state"][begin])

    def _row(self, steps: Rows) -> Rows:
        """Where steps lie, counted from the oldest."""
        return np.asarray((steps + self._next - self._filled) % self.rows)

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs: the filled rows (copies) and the place of the next one."""
        rows = {name: stored[: self._filled].copy() for name, stored in self._storage.items()}
        return {**rows, "next": self._next, "ages": self._age.copy()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self._filled, self._next = len(state["reward"]), int(state["next"])
        for name, stored in self._storage.items():
            stored[: self._filled] = state[name]
        self._age = np.array(state["ages"])
