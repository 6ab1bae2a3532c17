"""Boxes as arrays of corners: (n, 4) x_min, y_min, x_max, y_max in pixels.

NumPy only: boxes are few and are handled by the threads that prepare data and behind networks of any backend, where
torch's cost of a call (some microseconds) outweighs the sums.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Boxes: TypeAlias = npt.NDArray[np.float32]


def area(boxes: Boxes) -> npt.NDArray[np.float32]:
    """(n,) areas in square pixels."""
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def pairwise_iou(a: Boxes, b: Boxes) -> npt.NDArray[np.float32]:
    """(n, m) intersection over union of (n, 4) and (m, 4) boxes, in [0, 1]; 0 where both are empty."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = np.asarray(np.prod(np.maximum(high - low, 0.0), axis=2), np.float32)
    union = area(a)[:, None] + area(b)[None] - shared
    return np.asarray(np.divide(shared, union, out=np.zeros_like(shared), where=union > 0.0))


def clip(boxes: Boxes, height: float, width: float) -> Boxes:
    """The parts of boxes inside an image; boxes beside it become empty."""
    limits = np.array([width, height, width, height], np.float32)
    return np.clip(boxes, np.float32(0.0), limits)


def at_least(boxes: Boxes, side: float) -> npt.NDArray[np.bool_]:
    """(n,) whether both sides of a box have ``side`` pixels or more."""
    return np.asarray(np.all(boxes[:, 2:] - boxes[:, :2] >= side, axis=1))


def to_centres(boxes: Boxes) -> Boxes:
    """Corners to centre x, centre y, width, height."""
    sides = boxes[:, 2:] - boxes[:, :2]
    return np.concatenate([boxes[:, :2] + sides / 2, sides], axis=1)


def to_corners(boxes: Boxes) -> Boxes:
    """Centre x, centre y, width, height to corners."""
    half = boxes[:, 2:] / 2
    return np.concatenate([boxes[:, :2] - half, boxes[:, :2] + half], axis=1)
