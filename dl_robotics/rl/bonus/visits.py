"""Bonuses from counted visits: MBIE-EB's (Strehl & Littman 2008; Bellemare et al. 2016), and the one of UCB."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from dl_robotics.config import require
from dl_robotics.rl.bonus.bonus import BonusSettings, Values
from dl_robotics.rl.replay import Batch

Slots = npt.NDArray[np.int64]
SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio: Fibonacci hashing (Knuth, vol. 3, section 6.4)


@dataclass(frozen=True, kw_only=True)
class VisitsConfig(BonusSettings):
    """Visits are counted in the cells of a grid over observations, and kept in a hash table of fixed size.

    :param kind: ``count`` pays weight / sqrt(n(s')), of the cell that was reached; ``ucb`` pays
        weight * sqrt(2 ln t / n(s, a)), t all visits (UCB1, Auer et al. 2002).
    :param cell: edge of a cell, in the observation's unit.
    :param table_bits: the table has two to the power of this many slots; cells that share one are counted together.
    """

    kind: Literal["count", "ucb"] = "count"
    cell: float = 0.1
    table_bits: int = 16

    def __post_init__(self) -> None:
        super().__post_init__()
        require(self.cell > 0.0, "cell", "> 0", self.cell)
        require(1 <= self.table_bits <= 28, "table_bits", "in [1, 28]", self.table_bits)


class Visits:
    """Pays for what was seldom visited; a :class:`~dl_robotics.rl.bonus.bonus.Bonus`."""

    def __init__(self, config: VisitsConfig) -> None:
        self.config = config
        self._counts = np.zeros(2**config.table_bits, np.int64)

    def observe(self, transitions: Batch) -> None:
        """Count the visits."""
        np.add.at(self._counts, self._slots(transitions), 1)

    def __call__(self, batch: Batch) -> Values:
        """(B,) weighted bonuses; what was never visited counts as visited once."""
        visits = np.maximum(self._counts[self._slots(batch)], 1)
        surplus = 1.0 if self.config.kind == "count" else 2.0 * np.log(max(self._counts.sum(), 1))
        return np.asarray(self.config.weight * np.sqrt(surplus / visits), np.float32)

    def state_dict(self) -> dict[str, Any]:
        """The counts."""
        return {"counts": self._counts.copy()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self._counts[:] = state["counts"]

    def _slots(self, batch: Batch) -> Slots:
        """(B,) where the transitions are counted."""
        reached = self.config.kind == "count"
        seen = batch.next_obs if reached else np.column_stack([batch.obs, self._action(batch)])
        cells = np.floor(seen / self.config.cell).astype(np.int64).astype(np.uint64)
        hashed = np.zeros(len(cells), np.uint64)
        for column in cells.T:
            hashed = (hashed ^ column) * SPREAD
            hashed ^= hashed >> np.uint64(32)
        return (hashed >> np.uint64(64 - self.config.table_bits)).astype(np.int64)

    def _action(self, batch: Batch) -> npt.NDArray[Any]:
        """Actions as columns of a grid's coordinates: a discrete one is a cell of its own."""
        discrete = np.issubdtype(batch.action.dtype, np.integer)
        return (batch.action + 0.5) * self.config.cell if discrete else batch.action
