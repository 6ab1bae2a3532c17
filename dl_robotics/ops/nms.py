"""Non-maximum suppression: of boxes of one class that overlap, only the best scored remains."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dl_robotics.ops.compiled import compiled

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]


def batched_nms(
    boxes: Floats, scores: Floats, labels: Integers, iou_threshold: float, *, per_class: int = 0, limit: int = 0
) -> Integers:
    """Greedy suppression within each class (Girshick et al. 2014), by falling score; equal scores by index.

    :param boxes: (n, 4) corners.
    :param scores: (n,), without NaN.
    :param labels: (n,) classes, 0 or more.
    :param iou_threshold: a box that overlaps a better one of its class by more is dropped.
    :param per_class: only so many best boxes of each class are looked at; 0 for all.
    :param limit: only so many best boxes of all classes are kept; 0 for all.
    :return: (k,) indices of the boxes kept, by falling score.
    """
    return suppress(
        boxes, np.arange(len(boxes)), scores, labels, iou_threshold, per_class or len(boxes), limit or len(boxes)
    )


@compiled
def suppress(
    boxes: Floats,
    owners: Integers,
    scores: Floats,
    labels: Integers,
    iou_threshold: float,
    per_class: int,
    limit: int,
) -> Integers:
    """As :func:`batched_nms`, for candidates that share boxes: a network scores each box for every class.

    Candidates come off a heap, so that no more are sorted than are looked at, and the best of all classes together
    come first, so that nothing is looked at after the last one kept.

    :param owners: (n,) the candidates' boxes, as indices of ``boxes``.
    """
    count = len(scores)
    heap = np.arange(count)
    for start in range(count // 2 - 1, -1, -1):
        _sink(heap, scores, start, count)
    classes = labels.max() + 1 if count else 0
    seen = np.zeros(classes, np.int64)
    newest = np.full(classes, -1)  # the last one kept of each class, a number in ``kept``
    older = np.empty(min(limit, count), np.int64)  # the one kept before in its class
    kept = np.empty(min(limit, count), np.int64)
    found = 0
    while count > 0 and found < limit:
        best = heap[0]
        count -= 1
        heap[0] = heap[count]
        _sink(heap, scores, 0, count)
        label = labels[best]
        seen[label] += 1
        if seen[label] > per_class:
            continue
        other = newest[label]
        while other >= 0 and not _overlap(boxes, owners[best], owners[kept[other]], iou_threshold):
            other = older[other]
        if other < 0:
            kept[found], older[found], newest[label] = best, newest[label], found
            found += 1
    return kept[:found]


@compiled
def _sink(heap: Integers, scores: Floats, place: int, count: int) -> None:
    """Restore the heap (best first) below one place."""
    moving = heap[place]
    while 2 * place + 1 < count:
        child = 2 * place + 1
        if child + 1 < count and _before(heap[child + 1], heap[child], scores):
            child += 1
        if not _before(heap[child], moving, scores):
            break
        heap[place] = heap[child]
        place = child
    heap[place] = moving


@compiled
def _before(a: int, b: int, scores: Floats) -> bool:
    return bool(scores[a] > scores[b] or (scores[a] == scores[b] and a < b))


@compiled
def _overlap(boxes: Floats, i: int, j: int, threshold: float) -> bool:
    """Whether the intersection over union of two boxes is above the threshold."""
    a, b = boxes[i], boxes[j]
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0.0 or height <= 0.0:
        return False
    shared = width * height
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared
    return bool(shared / union > threshold)
