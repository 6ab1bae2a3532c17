"""What people are doing, as a recogniser names it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dl_robotics.ops.skeletons import Skeletons

UNKNOWN = "unknown"  # the name of class 0


@dataclass(frozen=True, eq=False)
class Activities:
    """The people of one frame, n of them, and what each is doing.

    :param skeletons: they themselves, numbered.
    :param boxes: (n, 4) float32, x_min, y_min, x_max, y_max of a person in the skeletons' unit.
    :param labels: (n,) int64 class ids; 0 is unknown, also of a person who was not seen for long enough.
    :param probabilities: (n, C) float32 of the class ids from 1 on; all zero for a person not seen for long enough.
    """

    skeletons: Skeletons
    boxes: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]
    probabilities: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.boxes)

    @property
    def persons(self) -> npt.NDArray[np.int64]:
        """(n,) the people's numbers."""
        return self.skeletons.persons

    @property
    def scores(self) -> npt.NDArray[np.float32]:
        """(n,) how sure the label is: its probability; of an unknown one, what the likeliest activity lacks."""
        best = self.probabilities.max(axis=1, initial=0.0)
        return np.asarray(np.where(self.labels > 0, best, 1.0 - best), np.float32)
