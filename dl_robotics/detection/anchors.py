"""Typical shapes of the labelled boxes, as anchors of the grid head (Redmon and Farhadi 2017, section 2)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dl_robotics.config import require

Floats = npt.NDArray[np.float32]
ROUNDS = 100


def shape_iou(a: Floats, b: Floats) -> Floats:
    """(n, m) intersection over union of boxes about one centre, from widths and heights (n, 2) and (m, 2)."""
    shared = np.minimum(a[:, None], b[None]).prod(axis=2)
    return np.asarray(shared / (a.prod(axis=1)[:, None] + b.prod(axis=1)[None] - shared))


def cluster_anchors(sides: Floats, count: int, rng: np.random.Generator) -> Floats:
    """(count, 2) widths and heights, smallest first: k-means with the distance 1 - IoU, begun as k-means++.

    Means are those of widths and of heights, as in the paper.

    :param sides: (n, 2) widths and heights of the training boxes, > 0, at the network's size.
    :raises ConfigError: if there are fewer different boxes than anchors.
    """
    different = len(np.unique(sides, axis=0))
    require(1 <= count <= different, "anchors", f"1 to {different}, the number of different boxes", count)
    anchors = _spread(sides, count, rng)
    nearest = np.full(len(sides), -1)
    for _ in range(ROUNDS):
        before, nearest = nearest, shape_iou(sides, anchors).argmax(axis=1)
        if np.array_equal(before, nearest):
            break
        for number in np.unique(nearest):
            anchors[number] = sides[nearest == number].mean(axis=0)
    return anchors[np.argsort(anchors.prod(axis=1), kind="stable")]


def _spread(sides: Floats, count: int, rng: np.random.Generator) -> Floats:
    """First anchors among the boxes, each drawn by its squared distance from those before (Arthur 2007)."""
    chosen = [int(rng.integers(len(sides)))]
    while len(chosen) < count:
        weights = (1.0 - shape_iou(sides, sides[chosen]).max(axis=1)).astype(np.float64) ** 2
        weights[np.isin(sides, sides[chosen]).all(axis=1) & (weights < 1e-12)] = 0.0
        chosen.append(int(rng.choice(len(sides), p=weights / weights.sum())))
    return sides[chosen].astype(np.float32)
