"""Which class was taken for which: the confusion matrix of detection, with the background."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dl_robotics.ops.boxes import Boxes, pairwise_iou
from dl_robotics.ops.detections import Detections

Counts = npt.NDArray[np.int64]


def confusion(boxes: Boxes, labels: Counts, found: Detections, classes: int, threshold: float, iou: float) -> Counts:
    """Counts of one image, (classes, classes), by true class (row) and found class (column).

    Best first, each detection takes the free object that it overlaps most, of whatever class. Row 0 counts false
    alarms, column 0 the objects that were missed.

    :param boxes: (n, 4) true boxes.
    :param labels: (n,) their class ids.
    :param classes: number of classes, with the background.
    :param threshold: detections with a lower score do not count.
    :param iou: least overlap.
    """
    counts = np.zeros((classes, classes), np.int64)
    overlaps = pairwise_iou(found.boxes, boxes)  # (detections, objects)
    free = np.ones(len(boxes), np.bool_)
    for number in np.argsort(-found.scores, kind="stable"):
        if found.scores[number] < threshold:
            break
        candidates = np.where(free, overlaps[number], -1.0)
        best = int(candidates.argmax()) if len(candidates) else -1
        taken = best >= 0 and candidates[best] >= iou
        if taken:
            free[best] = False
        counts[labels[best] if taken else 0, found.labels[number]] += 1
    np.add.at(counts[:, 0], labels[free], 1)
    return counts
