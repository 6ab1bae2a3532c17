"""The same recipe trained with several seeds: how it did on average, and how much that depends on the seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dl_robotics.navigation.drives import Drive
from dl_robotics.ops.statistics import Interval, wilson


@dataclass(frozen=True)
class SeedSpread:
    """Success of some policies on the same scenarios.

    :param policies: their names.
    :param mean: of their rates of success, with the least and the greatest of them.
    :param deviation: standard deviation of a rate from training seed to training seed, NaN for a single policy.
    :param pooled: rate over all episodes of all policies; its interval is that of new scenarios, not of new seeds.
    """

    policies: tuple[str, ...]
    mean: float
    least: float
    greatest: float
    deviation: float
    pooled: Interval

    @classmethod
    def of(cls, drives: Mapping[str, Sequence[Drive]]) -> SeedSpread:
        """The spread of policies by name; each has driven at least once."""
        reached = [[drive.success for drive in some] for some in drives.values()]
        rates = np.array([np.mean(some) for some in reached])
        return cls(
            policies=tuple(drives),
            mean=float(rates.mean()),
            least=float(rates.min()),
            greatest=float(rates.max()),
            deviation=float(rates.std(ddof=1)) if len(rates) > 1 else float("nan"),
            pooled=wilson(sum(map(sum, reached)), sum(map(len, reached))),
        )

    def __str__(self) -> str:
        return (
            f"{len(self.policies)} training seeds ({', '.join(self.policies)}): success {self.mean:.1%} on average, "
            f"from {self.least:.1%} to {self.greatest:.1%}, standard deviation {self.deviation:.1%}; "
            f"all episodes {self.pooled.value:.1%} [{self.pooled.low:.1%}, {self.pooled.high:.1%}]"
        )
