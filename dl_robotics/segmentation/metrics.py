"""How well pixels were named: confusion matrix, intersection over union, accuracy."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dl_robotics.data.sample import IGNORED

_VALUES = 256  # of a byte


class Confusion:
    """Counts pixels by true and predicted class, over all images added.

    ``matrix[t, p]`` is the number of pixels of class t that were called p, and ``unnamed[t]`` of those that were given
    no class. Pixels that are ``IGNORED`` in the truth count nowhere.

    :param num_classes: number of classes; ids are 0 to ``num_classes`` - 1.
    """

    def __init__(self, num_classes: int) -> None:
        self.matrix: npt.NDArray[np.int64] = np.zeros((num_classes, num_classes), np.int64)
        self.unnamed: npt.NDArray[np.int64] = np.zeros(num_classes, np.int64)

    def __iadd__(self, other: Confusion) -> Confusion:
        """Take over the counts of another one."""
        self.matrix += other.matrix
        self.unnamed += other.unnamed
        return self

    def add(self, truth: npt.NDArray[np.uint8], predicted: npt.NDArray[np.uint8]) -> None:
        """Add an image.

        :param truth: (height, width) class ids or ``IGNORED``.
        :param predicted: (height, width) class ids, or ``IGNORED`` where none is sure enough: wrong in any case.
        :raises ValueError: if the shapes differ, or for a class id that is none.
        """
        size = len(self.matrix)
        if truth.shape != predicted.shape:
            raise ValueError(f"masks: expected equal shapes, got {truth.shape} and {predicted.shape}")
        joint = np.bincount(truth.ravel().astype(np.int64) * _VALUES + predicted.ravel(), minlength=_VALUES * _VALUES)
        counts = joint.reshape(_VALUES, _VALUES)[:IGNORED]
        for name, seen in ("truth", counts.sum(1)), ("predicted", counts.sum(0)[:IGNORED]):
            unknown = np.flatnonzero(seen[size:])
            if unknown.size:
                raise ValueError(f"{name}: expected class ids 0 to {size - 1}, got {size + unknown[-1]}")
        self.matrix += counts[:size, :size]
        self.unnamed += counts[:size, IGNORED]

    def iou(self) -> npt.NDArray[np.float64]:
        """Intersection over union of each class, (num_classes,); nan for those neither in truth nor prediction."""
        shared = np.diag(self.matrix)
        union = self.matrix.sum(0) + self.matrix.sum(1) + self.unnamed - shared
        return np.where(union > 0, shared / np.maximum(union, 1), np.nan)

    def mean_iou(self) -> float:
        """Mean of :meth:`iou` over the classes in truth or prediction (Everingham 2010); nan if there is none."""
        present = self.iou()[~np.isnan(self.iou())]
        return float(present.mean()) if present.size else float("nan")

    def accuracy(self) -> float:
        """Share of the pixels that were called what they are; nan without pixels."""
        total = self.matrix.sum() + self.unnamed.sum()
        return float(np.trace(self.matrix) / total) if total else float("nan")
