"""What the replay knows of an exploration bonus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from dl_robotics.config import require
from dl_robotics.rl.replay import Batch

Values = npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class BonusSettings:
    """What all bonuses are set by.

    :param weight: factor on the bonus beside the reward.
    :param gamma: discount of bonuses to come, where they have a value function of their own (see ``curious.py``).
    """

    weight: float = 1.0
    gamma: float = 0.99

    def __post_init__(self) -> None:
        require(self.weight > 0.0, "weight", "> 0", self.weight)
        require(0.0 <= self.gamma < 1.0, "gamma", "in [0, 1)", self.gamma)


class Bonus(Protocol):
    """Pays for novelty: the pay for a transition falls as its like is met again."""

    def observe(self, transitions: Batch) -> None:
        """Be told the transitions that N environments have just made, in the environments' order; learn from them."""

    def __call__(self, batch: Batch) -> Values:
        """(B,) what is paid now for these transitions, weighted."""

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies."""

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
