"""Prioritised experience replay, the proportional variant (Schaul et al. 2016, algorithm 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dl_robotics.config import require
from dl_robotics.rl.replay import Batch, ReplayBuffer
from dl_robotics.rl.sum_tree import SumTree


@dataclass(frozen=True)
class PrioritiesConfig:
    """How priorities count.

    :param alpha: how much they do: 0 draws uniformly, 1 in proportion.
    :param beta: how much importance weights make up for it at first; rises linearly to 1.
    :param beta_updates: updates until then.
    :param epsilon: added to every error, so that nothing is never drawn again.
    """

    alpha: float = 0.6
    beta: float = 0.4
    beta_updates: int = 100_000
    epsilon: float = 1e-6

    def __post_init__(self) -> None:
        require(0.0 <= self.alpha <= 1.0, "alpha", "in [0, 1]", self.alpha)
        require(0.0 <= self.beta <= 1.0, "beta", "in [0, 1]", self.beta)
        require(self.beta_updates >= 1, "beta_updates", ">= 1", self.beta_updates)
        require(self.epsilon > 0.0, "epsilon", "> 0", self.epsilon)


class PrioritisedReplay(ReplayBuffer):
    """A replay buffer that draws by how much a transition surprised: P(i) ~ p_i^alpha, p_i = \\|delta_i\\| + epsilon.

    New transitions come with the greatest priority so far. The importance weight w_i = (N P(i))^-beta, divided by the
    greatest of the batch, is the batch's ``weight``.

    :param settings: of the priorities; the other parameters are those of :class:`.replay.ReplayBuffer`.
    """

    def __init__(
        self,
        settings: PrioritiesConfig,
        capacity: int,
        obs_dim: int,
        action_shape: tuple[int, ...] = (),
        action_dtype: npt.DTypeLike = np.int64,
    ) -> None:
        super().__init__(capacity, obs_dim, action_shape, action_dtype)
        self.settings = settings
        self._tree = SumTree(capacity)
        self._greatest = 1.0  # p^alpha
        self._updates = 0
        self._drawn = np.empty(0, np.int64)

    @property
    def beta(self) -> float:
        """The exponent of the importance weights now."""
        done = min(self._updates / self.settings.beta_updates, 1.0)
        return self.settings.beta + (1.0 - self.settings.beta) * done

    def add(self, transitions: Batch) -> None:
        """Store N transitions over the oldest ones; they will be drawn soon."""
        rows = self.next_rows(len(transitions.reward))
        super().add(transitions)
        self._tree.set(rows, np.full(len(rows), self._greatest))

    def sample(self, batch_size: int, rng: np.random.Generator) -> Batch:
        """Draw one transition from each of ``batch_size`` equal stretches of the sum of priorities."""
        stretch = self._tree.total / batch_size
        self._drawn = self._tree.find((np.arange(batch_size) + rng.random(batch_size)) * stretch)
        probability = self._tree.values[self._drawn] / self._tree.total
        weight = (len(self) * probability) ** -self.beta
        return self.rows(self._drawn)._replace(weight=(weight / weight.max()).astype(np.float32))

    def learned(self, errors: npt.NDArray[np.float32]) -> None:
        """Let the last sample's priorities follow their temporal-difference errors."""
        priorities = (np.abs(errors).astype(np.float64) + self.settings.epsilon) ** self.settings.alpha
        self._tree.set(self._drawn, priorities)
        self._greatest = max(self._greatest, float(priorities.max()))
        self._updates += 1

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, between an update and the next."""
        own = {"priorities": self._tree.values.copy(), "greatest": self._greatest, "updates": self._updates}
        return super().state_dict() | own

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        super().load_state_dict(state)
        self._tree.set(np.arange(self.capacity), np.asarray(state["priorities"]))
        self._greatest, self._updates = float(state["greatest"]), int(state["updates"])
