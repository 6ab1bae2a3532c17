"""How a learner leaves its greedy path: random actions, or noise on them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from dl_robotics.config import require

Actions = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]


class Explorer(Protocol):
    """Makes exploring actions out of greedy ones."""

    def explore(self, greedy: Actions, step: int, rng: np.random.Generator) -> Actions:
        """The actions of N environments to take at a step of the training."""

    def ended(self, ended: Mask) -> None:
        """Be told where the episode has ended."""

    def figures(self, step: int) -> dict[str, float]:
        """How much it explores, for the log."""

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs."""

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""


class Forgetful:
    """An explorer with nothing to remember."""

    def ended(self, ended: Mask) -> None:
        """Nothing to forget."""

    def state_dict(self) -> dict[str, Any]:
        """Nothing."""
        return {}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Nothing to take over."""


@dataclass(frozen=True)
class _Falling:
    """Probability of a random action, which falls from ``start`` to ``end``."""

    start: float = 1.0
    end: float = 0.05
    steps: int = 10_000

    def __post_init__(self) -> None:
        require(0.0 <= self.end <= self.start <= 1.0, "end", "0 <= end <= start <= 1", self.end)
        require(self.steps >= 1, "steps", ">= 1", self.steps)


@dataclass(frozen=True)
class LinearEpsilon(_Falling):
    """Epsilon falls over the first ``steps`` steps by equal amounts, and stays at ``end``."""

    kind: Literal["linear"] = "linear"

    def __call__(self, step: int) -> float:
        """The probability after that many environment steps."""
        return self.start + (self.end - self.start) * min(step / self.steps, 1.0)


@dataclass(frozen=True)
class ExponentialEpsilon(_Falling):
    """Epsilon falls by equal factors: to 1/e of its distance from ``end`` in every ``steps`` steps."""

    kind: Literal["exponential"] = "exponential"

    def __call__(self, step: int) -> float:
        """The probability after that many environment steps."""
        return self.end + (self.start - self.end) * math.exp(-step / self.steps)


Epsilon: TypeAlias = LinearEpsilon | ExponentialEpsilon


class EpsilonGreedy(Forgetful):
    """A random action with probability epsilon (Watkins 1989)."""

    def __init__(self, epsilon: Epsilon, num_actions: int) -> None:
        self.epsilon, self.num_actions = epsilon, num_actions

    def explore(self, greedy: Actions, step: int, rng: np.random.Generator) -> Actions:
        """(N,) greedy actions, some exchanged for uniformly random ones."""
        random = rng.integers(self.num_actions, size=len(greedy))
        return np.where(rng.random(len(greedy)) < self.epsilon(step), random, greedy)

    def figures(self, step: int) -> dict[str, float]:
        """Epsilon."""
        return {"epsilon": self.epsilon(step)}


@dataclass(frozen=True)
class NoiseConfig:
    """Noise on continuous actions, which span [-1, 1].

    :param kind: independent at each step, or Ornstein-Uhlenbeck's, which drifts (Lillicrap et al. 2016, section 7).
    :param scale: standard deviation, of one step's change for Ornstein-Uhlenbeck's.
    :param theta: pull of Ornstein-Uhlenbeck's process towards 0, per step.
    :param random_steps: steps of the training during which actions are uniformly random instead.
    """

    kind: Literal["gaussian", "ornstein_uhlenbeck"] = "gaussian"
    scale: float = 0.1
    theta: float = 0.15
    random_steps: int = 1_000

    def __post_init__(self) -> None:
        require(self.scale >= 0.0, "scale", ">= 0", self.scale)
        require(0.0 < self.theta <= 1.0, "theta", "in (0, 1]", self.theta)
        require(self.random_steps >= 0, "random_steps", ">= 0", self.random_steps)


class ActionNoise:
    """Adds noise to continuous actions and cuts them to [-1, 1].

    Ornstein-Uhlenbeck's process of each environment, x <- x - theta x + scale N(0, 1), starts at 0 with every episode.
    """

    def __init__(self, config: NoiseConfig, num_envs: int, action_dim: int) -> None:
        self.config = config
        self._noise = np.zeros((num_envs, action_dim), np.float32)

    def explore(self, greedy: Actions, step: int, rng: np.random.Generator) -> Actions:
        """(N, A) actions."""
        if step <= self.config.random_steps:
            return rng.uniform(-1.0, 1.0, greedy.shape).astype(np.float32)
        kept = 1.0 - self.config.theta if self.config.kind == "ornstein_uhlenbeck" else 0.0
        fresh = rng.standard_normal(greedy.shape, np.float32)
        self._noise = np.float32(kept) * self._noise + np.float32(self.config.scale) * fresh
        return np.clip(greedy + self._noise, -1.0, 1.0)

    def ended(self, ended: Mask) -> None:
        """Start anew where an episode has ended."""
        self._noise[ended] = 0.0

    def figures(self, step: int) -> dict[str, float]:
        """The noise's scale."""
        return {"noise": 1.0 if step <= self.config.random_steps else self.config.scale}

    def state_dict(self) -> dict[str, Any]:
        """Where the process is."""
        return {"noise": self._noise.copy()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self._noise[:] = state["noise"]
