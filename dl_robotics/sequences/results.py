"""What sequence models say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

UNKNOWN = -1


@dataclass(frozen=True, eq=False)
class Recognition:
    """What is going on.

    :param probabilities: (classes,) float32, which sum to 1.
    :param label: the likeliest class, or ``UNKNOWN`` if it is not probable enough.
    """

    probabilities: npt.NDArray[np.float32]
    label: int


@dataclass(frozen=True, eq=False)
class Forecast:
    """What follows.

    :param values: (horizon, C) float32 in the signals' own units.
    :param times_s: (horizon,) float64 from the last step known.
    """

    values: npt.NDArray[np.float32]
    times_s: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Anomaly:
    """How odd the last steps are.

    :param score: distance of the forecast's error from those on normal data, which have about 1.
    :param rank: share of the normal data with a lower score, in [0, 1].
    :param anomalous: whether that is more than the settings allow.
    """

    score: float
    rank: float
    anomalous: bool


Result: TypeAlias = Recognition | Forecast | Anomaly
