"""What a tracker must know of the things it tracks."""

from __future__ import annotations

from typing import Protocol, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from dl_robotics.tracking.kalman import Array
from dl_robotics.tracking.settings import TrackerSettings

Indices: TypeAlias = npt.NDArray[np.intp]
Mask: TypeAlias = npt.NDArray[np.bool_]
O_contra = TypeVar("O_contra", contravariant=True)


class Targets(Protocol[O_contra]):
    """Things that are tracked, one a row, and where each is expected; ``observed`` are m others as a detector has them.

    The settings ``told`` say how things move, and how exactly they are seen.
    """

    def __len__(self) -> int:
        """How many there are."""

    def predict(self, dt_s: float, told: TrackerSettings) -> None:
        """Go on in time."""

    def similarity(self, observed: O_contra, told: TrackerSettings) -> Array:
        """(n, m) how well what is observed agrees with what is expected, in [0, 1]."""

    def correct(self, rows: Indices, observed: O_contra, seen: Indices, told: TrackerSettings) -> None:
        """Take in that some of the things were seen.

        :param rows: of the things.
        :param seen: as many rows of ``observed``.
        """

    def begin(self, observed: O_contra, seen: Indices, told: TrackerSettings) -> None:
        """Add things as they are observed."""

    def keep(self, kept: Mask) -> None:
        """Forget all others."""
