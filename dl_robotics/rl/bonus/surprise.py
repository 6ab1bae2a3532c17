"""What bonuses from learned predictions share: observations normalised, errors brought to a common scale."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dl_robotics.config import require
from dl_robotics.rl.bonus.bonus import BonusSettings, Values
from dl_robotics.rl.normalisation import Normaliser
from dl_robotics.rl.replay import Batch


@dataclass(frozen=True, kw_only=True)
class SurpriseSettings(BonusSettings):
    """What is common to predictors; ``gamma`` discounts the returns whose spread sets the scale, too.

    :param hidden: widths of the hidden layers.
    :param features: length of what is predicted, or predicted from.
    :param learning_rate: of Adam.
    :param clip: normalised observations are cut to this magnitude.
    """

    hidden: tuple[int, ...] = (64, 64)
    features: int = 32
    learning_rate: float = 1e-3
    clip: float = 5.0

    def __post_init__(self) -> None:
        super().__post_init__()
        require(all(width >= 1 for width in self.hidden), "hidden", "widths >= 1", self.hidden)
        require(self.features >= 1, "features", ">= 1", self.features)
        require(self.learning_rate > 0.0, "learning_rate", "> 0", self.learning_rate)
        require(self.clip > 0.0, "clip", "> 0", self.clip)


class Surprise(ABC):
    """Pays how wrong a prediction is; a :class:`~dl_robotics.rl.bonus.bonus.Bonus`.

    Predictions are learned from every transition once, when it comes: learned from a replay, they would be right about
    a place after few visits. Errors are divided by the running standard deviation of their discounted returns (Burda et
    al. 2018, section 2.4).
    """

    def __init__(self, settings: SurpriseSettings, obs_dim: int) -> None:
        self.settings = settings
        self._observations, self._returns = Normaliser(obs_dim), Normaliser(1)
        self._sum = np.zeros(0)  # discounted, of each environment's errors

    @abstractmethod
    def error(self, batch: Batch) -> Values:
        """(B,) how wrong the predictions are now."""

    @abstractmethod
    def learn(self, transitions: Batch) -> None:
        """One gradient step."""

    def observe(self, transitions: Batch) -> None:
        """Keep up mean and variance of observations and of returns, which go on over ends of episodes; learn."""
        self._observations.add(transitions.next_obs)
        error = self.error(transitions)
        if len(self._sum) != len(error):  # the first ones, or the first of other environments
            self._sum = np.zeros(len(error))
        self._sum = self._sum * self.settings.gamma + error
        self._returns.add(self._sum[:, None].astype(np.float32))
        self.learn(transitions)

    def __call__(self, batch: Batch) -> Values:
        """(B,) weighted bonuses."""
        return self.error(batch) * (np.float32(self.settings.weight) * self._returns.scale)

    def normalised(self, obs: Values) -> Values:
        """(B, D) observations as the networks take them."""
        return np.clip(self._observations(obs), -self.settings.clip, self.settings.clip)

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies."""
        parts = {"observations": self._observations.state_dict(), "returns": self._returns.state_dict()}
        return {**parts, "sum": self._sum.copy()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self._observations.load_state_dict(state["observations"])
        self._returns.load_state_dict(state["returns"])
        self._sum = np.array(state["sum"])
