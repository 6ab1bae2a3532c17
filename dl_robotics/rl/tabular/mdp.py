"""Finite Markov decision processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Table: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True)
class MDP:
    """S states, A actions, and K outcomes that each pair may have.

    :param next_state: (S, A, K) where an outcome leads.
    :param probability: (S, A, K) of each outcome; they sum to 1.
    :param reward: (S, A, K) that it pays.
    :param terminal: (S,) states in which nothing is earned any more.
    :raises ValueError: if shapes, states or probabilities do not fit.
    """

    next_state: npt.NDArray[np.int64]
    probability: Table
    reward: Table
    terminal: npt.NDArray[np.bool_]

    def __post_init__(self) -> None:
        shape, states = self.next_state.shape, len(self.terminal)
        if len(shape) != 3 or shape[0] != states or {self.probability.shape, self.reward.shape} != {shape}:
            raise ValueError(f"MDP: expected three arrays of shape ({states}, A, K), got {shape} and others")
        if self.next_state.min() < 0 or self.next_state.max() >= states:
            raise ValueError(f"next_state: expected states in [0, {states}), got {self.next_state.max()}")
        if self.probability.min() < 0.0 or not np.allclose(self.probability.sum(axis=2), 1.0):
            raise ValueError("probability: expected numbers >= 0 that sum to 1 over the outcomes")

    @property
    def num_states(self) -> int:
        """S."""
        return int(self.next_state.shape[0])

    @property
    def num_actions(self) -> int:
        """A."""
        return int(self.next_state.shape[1])

    def action_values(self, value: Table, gamma: float) -> Table:
        """(S, A) q(s, a) = sum over outcomes of p (r + gamma v(s')), with v = 0 at terminal states (equation 4.6)."""
        later = np.where(self.terminal, 0.0, value)[self.next_state]
        return np.asarray((self.probability * (self.reward + gamma * later)).sum(axis=2))
