"""From coarse class scores to the class of every pixel and how sure it is, in one compiled pass."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dl_robotics.ops.compiled import compiled
from dl_robotics.ops.exponential import exponential
from dl_robotics.ops.preprocess import Floats, Taps, taps
from dl_robotics.ops.read_only import as_read_only

Bytes = npt.NDArray[np.uint8]


def most_probable(scores: Floats, height: int, width: int) -> tuple[Bytes, Bytes]:
    """The best class of every pixel of an image, and the softmax probability of that class.

    Scores are interpolated bilinearly between pixel centres, as torch does with ``align_corners=False``.

    :param scores: (classes, h, w) float32 logits, at most 255 classes.
    :param height: of the image, pixels.
    :param width: of the image, pixels.
    :return: (height, width) class ids, the lower one where two are equal; (height, width) probabilities, 255 for 1.
    :raises FloatingPointError: for scores that are not finite.
    """
    if not np.isfinite(scores).all():
        raise FloatingPointError("segmenter: expected finite numbers from the network, got NaN or infinity")
    rows, columns = taps(scores.shape[1], height), taps(scores.shape[2], width)
    ids, confidence = np.empty((height, width), np.uint8), np.empty((height, width), np.uint8)
    _most_probable(as_read_only(scores), rows, columns, ids, confidence)
    return ids, confidence


@compiled
def _most_probable(scores: Floats, rows: Taps, columns: Taps, ids: Bytes, confidence: Bytes) -> None:
    """A row at a time, every loop along the row, so that the compiler uses vectors."""
    classes, (height, width) = len(scores), ids.shape
    wide = widen(scores, columns)
    line = np.empty((classes, width), np.float32)
    best, best_id, total = np.empty(width, np.float32), np.empty(width, np.int32), np.empty(width, np.float32)
    for y in range(height):
        best[:], best_id[:], total[:] = -np.inf, 0, 0.0
        weight = rows.weight[y]
        for c in range(classes):
            above, below, row, number = wide[rows.lower[y], c], wide[rows.upper[y], c], line[c], np.int32(c)
            for x in range(width):
                value = above[x] + weight * (below[x] - above[x])
                row[x] = value
                better = value > best[x]
                best_id[x] = number if better else best_id[x]
                best[x] = value if better else best[x]
        for c in range(classes):
            row = line[c]
            for x in range(width):
                total[x] += exponential(row[x] - best[x])
        for x in range(width):
            ids[y, x] = best_id[x]
            confidence[y, x] = np.uint8(np.float32(255.0) / total[x] + np.float32(0.5))


@compiled
def widen(scores: Floats, columns: Taps) -> Floats:
    """Interpolate along the rows: (classes, h, w) to (h, classes, width)."""
    classes, height, _ = scores.shape
    wide = np.empty((height, classes, len(columns.weight)), np.float32)
    for y in range(height):
        for c in range(classes):
            row, out = scores[c, y], wide[y, c]
            for x in range(len(out)):
                left = row[columns.lower[x]]
                out[x] = left + columns.weight[x] * (row[columns.upper[x]] - left)
    return wide
