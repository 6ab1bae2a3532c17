"""A replay whose rewards hold an exploration bonus."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from dl_robotics.rl.bonus.bonus import Bonus
from dl_robotics.rl.replay import Batch, Replay


class BonusReplay:
    """Adds what a bonus pays now to the rewards that are drawn; a :class:`~dl_robotics.rl.replay.Replay`.

    :param replay: holds single steps with their plain rewards.
    """

    def __init__(self, replay: Replay, bonus: Bonus) -> None:
        self.replay, self.bonus = replay, bonus

    def __len__(self) -> int:
        return len(self.replay)

    def add(self, transitions: Batch) -> None:
        """Store N transitions, one of each environment."""
        self.bonus.observe(transitions)
        self.replay.add(transitions)

    def sample(self, batch_size: int, rng: np.random.Generator) -> Batch:
        """Draw transitions, and pay for them."""
        batch = self.replay.sample(batch_size, rng)
        return batch._replace(reward=batch.reward + self.bonus(batch))

    def learned(self, errors: npt.NDArray[np.float32]) -> None:
        """See :class:`~dl_robotics.rl.replay.Replay`."""
        self.replay.learned(errors)

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs."""
        return {"replay": self.replay.state_dict(), "bonus": self.bonus.state_dict()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self.replay.load_state_dict(state["replay"])
        self.bonus.load_state_dict(state["bonus"])
