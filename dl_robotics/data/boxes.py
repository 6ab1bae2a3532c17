"""Boxes that leave the image or have no area: refused by name, or clipped and left out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dl_robotics.data.config import Policy
from dl_robotics.data.errors import DataError

# Marking tools count pixels from 0 or from 1, and round: that much is clipped without a word.
SLACK_PX = 1.0
SMALLEST_PX = 0.01  # a side below that is no side


class FittedBoxes(NamedTuple):
    """Boxes inside the image, which of the given ones they are, and how many were clipped by more than the slack."""

    boxes: npt.NDArray[np.float32]
    kept: npt.NDArray[np.bool_]
    clipped: int


def fit_boxes(boxes: npt.NDArray[np.float32], width: float, height: float, policy: Policy, place: str) -> FittedBoxes:
    """Boxes clipped to an image; those that leave it by more than a pixel, or have no area, by the policy.

    :param boxes: (n, 4) x_min, y_min, x_max, y_max in pixels.
    :param width: of the image; inf where it is unknown.
    :param place: file or topic, for the error.
    :raises DataError: if a box is refused.
    """
    limits = np.array([width, height, width, height], np.float32)
    outside = np.asarray(((boxes < -SLACK_PX) | (boxes > limits + SLACK_PX)).any(axis=1))
    fitted = np.clip(boxes, 0.0, limits)
    kept = np.asarray((fitted[:, 2:] - fitted[:, :2] >= SMALLEST_PX).all(axis=1))
    if policy == "refuse":
        _refuse(boxes, outside, f"within the image, {width:g} x {height:g} px", place)
        _refuse(boxes, ~kept, "with an area", place)
    return FittedBoxes(fitted[kept], kept, int((outside & kept).sum()))


def _refuse(boxes: npt.NDArray[np.float32], bad: npt.NDArray[np.bool_], expected: str, place: str) -> None:
    if bad.any():
        number = int(bad.argmax())
        edges = ", ".join(f"{edge:g}" for edge in boxes[number].tolist())
        raise DataError(f"{place}: box {number}: expected a box {expected}, got ({edges}); or set boxes to clip")
