"""Boxes as things that are tracked."""

from __future__ import annotations

import numpy as np

from dl_robotics.ops.boxes import Boxes, pairwise_iou, to_centres, to_corners
from dl_robotics.tracking.kalman import Array, ConstantVelocity
from dl_robotics.tracking.settings import TrackerSettings
from dl_robotics.tracking.targets import Indices, Mask

LEAST_HEIGHT_PX = 1.0


class BoxTargets:
    """Boxes whose centre and sides change at nearly constant rates; all noise goes with a box's height."""

    def __init__(self) -> None:
        self._motion = ConstantVelocity(4)  # centre x, centre y, width, height in pixels

    def __len__(self) -> int:
        return len(self._motion)

    @property
    def boxes(self) -> Boxes:
        """(n, 4) where they are expected, x_min, y_min, x_max, y_max in pixels."""
        centres = self._motion.place.astype(np.float32)
        centres[:, 2:] = np.maximum(centres[:, 2:], 0.0)
        return to_corners(centres)

    def predict(self, dt_s: float, told: TrackerSettings) -> None:
        """Go on in time."""
        self._motion.predict(dt_s, (told.acceleration * _height(self._motion.place)) ** 2)

    def similarity(self, observed: Boxes, told: TrackerSettings) -> Array:
        """(n, m) intersection over union."""
        return pairwise_iou(self.boxes, observed).astype(np.float64)

    def correct(self, rows: Indices, observed: Boxes, seen: Indices, told: TrackerSettings) -> None:
        """Take in where boxes were seen."""
        measured = _centres(observed, seen)
        self._motion.correct(rows, measured, told.place_std * _height(measured))

    def begin(self, observed: Boxes, seen: Indices, told: TrackerSettings) -> None:
        """Add boxes."""
        measured = _centres(observed, seen)
        height = _height(measured)
        self._motion.append(measured, told.place_std * height, told.velocity_std * height)

    def keep(self, kept: Mask) -> None:
        """Forget the others."""
        self._motion.keep(kept)


def _centres(boxes: Boxes, rows: Indices) -> Array:
    return to_centres(boxes[rows]).astype(np.float64)


def _height(centres: Array) -> Array:
    return np.maximum(centres[:, 3:], LEAST_HEIGHT_PX)
