"""Many-armed bandits (Sutton & Barto 2018, chapter 2): which of A arms pays most?"""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
import numpy.typing as npt

from dl_robotics.rl.tabular.mdp import Table


class Chooser(Protocol):
    """A rule for choosing arms."""

    def __call__(self, means: Table, pulls: npt.NDArray[np.int64], rng: np.random.Generator) -> int:
        """The arm to pull next, from the mean rewards (A,) and numbers of pulls (A,) so far."""


class EpsilonGreedyArm:
    """The arm of greatest mean, or with probability ``epsilon`` any; 0 is the greedy rule."""

    def __init__(self, epsilon: float = 0.0) -> None:
        self.epsilon = epsilon

    def __call__(self, means: Table, pulls: npt.NDArray[np.int64], rng: np.random.Generator) -> int:
        """The arm to pull next."""
        return int(rng.integers(len(means))) if rng.random() < self.epsilon else int(means.argmax())


class UpperConfidenceArm:
    """The arm of greatest mean + c sqrt(ln t / n), each tried once first (Auer, Cesa-Bianchi & Fischer 2002)."""

    def __init__(self, c: float = math.sqrt(2.0)) -> None:
        self.c = c

    def __call__(self, means: Table, pulls: npt.NDArray[np.int64], rng: np.random.Generator) -> int:
        """The arm to pull next."""
        if not pulls.all():
            return int(pulls.argmin())
        return int((means + self.c * np.sqrt(math.log(pulls.sum()) / pulls)).argmax())


def play(
    true_means: Table, choose: Chooser, steps: int, rng: np.random.Generator, deviation: float = 1.0
) -> npt.NDArray[np.int64]:
    """(steps,) the arms that a rule pulls, where arm a pays N(true_means[a], deviation^2)."""
    means, pulls = np.zeros(len(true_means)), np.zeros(len(true_means), np.int64)
    arms = np.empty(steps, np.int64)
    for step in range(steps):
        arm = arms[step] = choose(means, pulls, rng)
        pulls[arm] += 1
        means[arm] += (rng.normal(true_means[arm], deviation) - means[arm]) / pulls[arm]
    return arms
