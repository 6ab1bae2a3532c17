"""Going once more through the last seconds before a collision: where a policy fails is what it can learn most from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dl_robotics.config import require
from dl_robotics.navigation.scenario import Scenarios
from dl_robotics.navigation.task import Range, Task
from dl_robotics.sim.engine import Array, Indices, Mask


@dataclass(frozen=True)
class RetryConfig:
    """For training alone: retried episodes tell nothing of how often a policy succeeds.

    :param share: of the collisions that are followed by another try.
    :param back_s: how long before the collision it begins, drawn uniformly, from the episode's start at the earliest.
    """

    share: float = 0.5
    back_s: Range = (1.0, 5.0)

    def __post_init__(self) -> None:
        require(0.0 <= self.share < 1.0, "share", "in [0, 1)", self.share)
        low, high = self.back_s
        require(0.0 < low <= high, "back_s", "[low, high] with 0 < low <= high", [low, high])


class Retry:
    """Remembers the way of N robots and draws where they may try again.

    :param settings: how often and from where.
    """

    def __init__(self, settings: RetryConfig, task: Task, num_envs: int) -> None:
        self._settings, self._period_s = settings, task.control_period_s
        self._ring = np.zeros((round(settings.back_s[1] * task.rate_hz) + 1, num_envs, 3))
        self._steps = np.zeros(num_envs, np.int64)
        self._failed = np.zeros(num_envs, np.bool_)
        self._all = np.arange(num_envs)

    def begin(self, envs: Indices, pose: Array) -> None:
        """Episodes begin at the poses (k, 3)."""
        self._steps[envs], self._failed[envs] = 0, False
        self._ring[0, envs] = pose

    def advance(self, pose: Array, collision: Mask) -> None:
        """All robots went on to the poses (N, 3); some have collided."""
        self._steps += 1
        self._ring[self._steps % len(self._ring), self._all] = pose
        self._failed[:] = collision

    def choose(self, envs: Indices, rng: np.random.Generator) -> Mask:
        """(k,) which of the environments ``envs`` try again."""
        if self._settings.share == 0.0:  # the generator's further draws are those of a task without retries
            return np.zeros(len(envs), np.bool_)
        return self._failed[envs] & (rng.random(len(envs)) < self._settings.share)

    def again(self, envs: Indices, last: Scenarios, rng: np.random.Generator) -> Scenarios:
        """Where to begin again.

        :param last: the scenarios (k) in which the environments ``envs`` (k,) failed.
        """
        back = np.rint(rng.uniform(*self._settings.back_s, size=len(envs)) / self._period_s).astype(np.int64)
        step = np.maximum(self._steps[envs] - np.minimum(back, len(self._ring) - 1), 0)
        pose = self._ring[step % len(self._ring), envs]
        start = last.start
        passed_s = (step * self._period_s)[:, None] * start.mover_rate
        return replace(last, start=replace(start, pose=pose, mover_time_s=start.mover_time_s + passed_s))

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies."""
        return {"ring": self._ring.copy(), "steps": self._steps.copy(), "failed": self._failed.copy()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self._ring[:], self._steps[:], self._failed[:] = state["ring"], state["steps"], state["failed"]
