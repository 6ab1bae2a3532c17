"""What a policy chooses from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from dl_robotics.config import require


@dataclass(frozen=True)
class Discrete:
    """One of ``count`` actions, counted from 0."""

    count: int

    def __post_init__(self) -> None:
        require(self.count >= 1, "count", ">= 1", self.count)

    def outwards(self, actions: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Actions as the environment takes them: as they are."""
        return actions


@dataclass(frozen=True)
class Continuous:
    """A box; learners know it as [-1, 1] in every dimension.

    :param low: (A,) least values.
    :param high: (A,) greatest values.
    """

    low: tuple[float, ...]
    high: tuple[float, ...]

    def __post_init__(self) -> None:
        require(len(self.low) >= 1, "low", "at least one dimension", self.low)
        inside = len(self.low) == len(self.high) and all(a < b for a, b in zip(self.low, self.high, strict=True))
        finite = bool(np.isfinite([*self.low, *self.high]).all())
        require(inside and finite, "high", "finite and above low in every dimension", self.high)

    def outwards(self, actions: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
        """Actions (N, A) in [-1, 1] as the environment takes them."""
        low, high = np.array(self.low, np.float32), np.array(self.high, np.float32)
        return np.asarray(low + (np.clip(actions, -1.0, 1.0) + 1.0) / 2.0 * (high - low), np.float32)


ActionSpace: TypeAlias = Discrete | Continuous
