"""Objects in an image, as detectors find them and people mark them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BACKGROUND = "background"  # the name of class 0


@dataclass(frozen=True, eq=False)
class Detections:
    """Objects in one image.

    :param boxes: (n, 4) float32, x_min, y_min, x_max, y_max in pixels; the image's left top corner is (0, 0).
    :param labels: (n,) int64 class ids, 1 or more; 0 is the background.
    :param scores: (n,) float32 in [0, 1].
    :param ids: n names of tracks; empty where nothing is tracked.
    """

    boxes: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float32]
    ids: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.boxes)

    @classmethod
    def none(cls) -> Detections:
        """No objects."""
        return cls(np.zeros((0, 4), np.float32), np.zeros(0, np.int64), np.zeros(0, np.float32))
