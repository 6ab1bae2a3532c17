"""Boxes as offsets from priors (Girshick et al. 2014, appendix C; the weights are SSD's)."""

from __future__ import annotations

import math

import numpy as np

from dl_robotics.ops.boxes import Boxes, to_centres
from dl_robotics.ops.compiled import compiled

CENTRE_WEIGHT, SIDE_WEIGHT = 10.0, 5.0  # bring the offsets to similar spreads: Caffe's variances 0.1 and 0.2, inverted
MAX_LOG_SIDE = math.log(1000.0 / 16.0)  # keeps exp finite: a side grows at most 62.5 times


def encode(boxes: Boxes, priors: Boxes) -> Boxes:
    """(n, 4) offsets of the centre, in sides of the prior, and logarithms of the ratios of sides, all weighted.

    :param boxes: (n, 4) corners; both sides must be above 0.
    :param priors: (n, 4) centre x, centre y, width, height.
    """
    centred = to_centres(boxes)
    moved = CENTRE_WEIGHT * (centred[:, :2] - priors[:, :2]) / priors[:, 2:]
    return np.concatenate([moved, SIDE_WEIGHT * np.log(centred[:, 2:] / priors[:, 2:])], axis=1)


@compiled
def decode(offsets: Boxes, priors: Boxes) -> Boxes:
    """(n, 4) corners: the inverse of :func:`encode`."""
    boxes = np.empty_like(offsets)
    for i in range(len(offsets)):
        for low, high in ((0, 2), (1, 3)):  # x, then y
            side = priors[i, high]
            centre = priors[i, low] + offsets[i, low] * side / np.float32(CENTRE_WEIGHT)
            half = side * np.exp(min(offsets[i, high] / np.float32(SIDE_WEIGHT), np.float32(MAX_LOG_SIDE))) / 2
            boxes[i, low], boxes[i, high] = centre - half, centre + half
    return boxes
