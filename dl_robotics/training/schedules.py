"""The learning rate over a run, as a function of the step: nothing to remember, nothing to restore."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from dl_robotics.config import require


@dataclass(frozen=True)
class ScheduleConfig:
    """What the learning rate is multiplied by, from step 1 to the last step.

    :param kind: ``constant``; ``step``: times ``gamma`` at each milestone; ``cosine``: half a wave from 1 down to
        ``final`` (Loshchilov & Hutter 2017, equation 5, without restarts).
    :param warmup_steps: the factor rises linearly from 0 over these first steps (Goyal et al. 2017).
    :param milestones: rising fractions of the run.
    """

    kind: Literal["constant", "step", "cosine"] = "cosine"
    warmup_steps: int = 0
    final: float = 0.0
    milestones: tuple[float, ...] = (0.67, 0.89)
    gamma: float = 0.1

    def __post_init__(self) -> None:
        require(self.warmup_steps >= 0, "warmup_steps", ">= 0", self.warmup_steps)
        require(0.0 <= self.final <= 1.0, "final", "in [0, 1]", self.final)
        require(0.0 < self.gamma <= 1.0, "gamma", "in (0, 1]", self.gamma)
        inside = all(0.0 < at < 1.0 for at in self.milestones)
        rising = list(self.milestones) == sorted(self.milestones)
        require(inside and rising, "milestones", "rising numbers in (0, 1)", self.milestones)

    def factor(self, step: int, total: int) -> float:
        """The factor at a step, counted from 1, of a run of ``total`` steps; the warm-up is part of the run."""
        done = (step - 1) / total
        warmup = min(1.0, step / (self.warmup_steps + 1))
        if self.kind == "step":
            return warmup * float(self.gamma ** sum(done >= at for at in self.milestones))
        if self.kind == "cosine":
            return warmup * (self.final + (1.0 - self.final) * 0.5 * (1.0 + math.cos(math.pi * done)))
        return warmup
