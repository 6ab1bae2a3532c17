"""Which evaluation was best, and when to stop hoping for a better one."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Selection:
    """The best evaluation so far.

    :param score: of the best; None before any evaluation.
    :param step: of the best.
    :param stale: evaluations since.
    """

    score: float | None = None
    step: int = 0
    stale: int = 0

    def offer(self, score: float, step: int) -> Selection:
        """With one evaluation more; of equals the later one, which has learned longer, is best. NaN is never best."""
        if math.isnan(score) or (self.score is not None and score < self.score):
            return replace(self, stale=self.stale + 1)
        return Selection(score, step, 0)

    def exhausted(self, patience: int | None) -> bool:
        """Whether ``patience`` evaluations in a row were no better."""
        return patience is not None and self.stale >= patience
