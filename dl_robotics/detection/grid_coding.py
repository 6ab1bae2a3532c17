"""Boxes as the grid head predicts them (Redmon and Farhadi 2017, section 2, "direct location prediction")."""

from __future__ import annotations

import numpy as np

from dl_robotics.detection.anchors import shape_iou
from dl_robotics.detection.coder import MAX_LOG_SIDE
from dl_robotics.detection.coding import Floats, Integers, Targets, softmax
from dl_robotics.detection.loss import IGNORED
from dl_robotics.ops.boxes import Boxes, pairwise_iou, to_centres, to_corners

IGNORE_IOU = 0.5  # an anchor that overlaps a box by more, but does not answer for it, is neither object nor background


class GridCoding:
    """b = (cell + sigmoid(t_xy)) * step for the centre, anchor * exp(t_wh) for the sides.

    Departure from the paper: what is ignored in training follows from the anchors, not from the predictions, so that
    targets do not depend on the network.

    :param rows: of cells; ``columns`` likewise.
    :param step: width and height of a cell in pixels.
    :param anchors: (K, 2) widths and heights in pixels.
    """

    def __init__(self, rows: int, columns: int, step: tuple[float, float], anchors: Floats) -> None:
        self.rows, self.columns, self.anchors = rows, columns, anchors
        self.step = np.array(step, np.float32)
        y, x = np.divmod(np.arange(rows * columns), columns)
        self._cells = np.repeat(np.stack([x, y], axis=1), len(anchors), axis=0).astype(np.float32)  # (A, 2)
        self._sides = np.tile(anchors, (rows * columns, 1))  # (A, 2)
        self._corners = to_corners(np.hstack([(self._cells + np.float32(0.5)) * self.step, self._sides]))

    def __len__(self) -> int:
        """Number of cells times anchors."""
        return len(self._cells)

    def encode(self, boxes: Boxes, labels: Integers) -> Targets:
        """In the cell of its centre, the anchor whose shape is most like a box's answers for it.

        Where two boxes want the same, the later one takes the next best anchor of the cell, or none.
        """
        targets = Targets(np.zeros(len(self._cells), np.int64), np.zeros((len(self._cells), 4), np.float32))
        targets.labels[pairwise_iou(boxes, self._corners).max(axis=0, initial=0.0) > IGNORE_IOU] = IGNORED
        centred = to_centres(boxes)
        for box, label, shape in zip(centred, labels, shape_iou(centred[:, 2:], self.anchors), strict=True):
            place = box[:2] / self.step
            x, y = np.clip(place.astype(np.int64), 0, (self.columns - 1, self.rows - 1))
            first = (y * self.columns + x) * len(self.anchors)
            free = [first + anchor for anchor in np.argsort(-shape) if targets.labels[first + anchor] <= 0]
            if free:
                targets.labels[free[0]] = label
                targets.offsets[free[0]] = [*(place - (x, y)), *np.log(box[2:] / self._sides[free[0]])]
        return targets

    def decode(self, logits: Floats, offsets: Floats) -> tuple[Floats, Boxes]:
        """Probabilities, objectness times softmax over the classes, and boxes."""
        objectness = sigmoid(logits[:, :1])
        probabilities = np.concatenate([1.0 - objectness, objectness * softmax(logits[:, 1:])], axis=1)
        centre = (self._cells + sigmoid(offsets[:, :2])) * self.step
        sides = self._sides * np.exp(np.minimum(offsets[:, 2:], np.float32(MAX_LOG_SIDE)))
        return probabilities, to_corners(np.hstack([centre, sides]))


def sigmoid(x: Floats) -> Floats:
    """Logistic function, exact in both tails."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * x)))
