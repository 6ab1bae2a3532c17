"""How much a learner explores as training goes on."""

from __future__ import annotations

from dataclasses import dataclass

from dl_robotics.config import require


@dataclass(frozen=True)
class LinearEpsilon:
    """Probability of a random action: from ``start`` to ``end`` over the first ``steps`` steps, then ``end``."""

    start: float = 1.0
    end: float = 0.05
    steps: int = 10_000

    def __post_init__(self) -> None:
        require(0.0 <= self.end <= self.start <= 1.0, "end", "0 <= end <= start <= 1", self.end)
        require(self.steps >= 1, "steps", ">= 1", self.steps)

    def __call__(self, step: int) -> float:
        """The probability after that many environment steps."""
        return self.start + (self.end - self.start) * min(step / self.steps, 1.0)
