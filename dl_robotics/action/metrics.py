"""How well activities were named: top-1, top-5, each class, confusion matrix."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Probabilities = npt.NDArray[np.floating]


class ActivityMetrics:
    """Counts clips by true and likeliest class.

    ``matrix[t, p]`` is the number of clips of class t that were called p.
    """

    def __init__(self, num_classes: int) -> None:
        self.matrix: npt.NDArray[np.int64] = np.zeros((num_classes, num_classes), np.int64)
        self._ranks: npt.NDArray[np.int64] = np.zeros(num_classes, np.int64)

    def __add__(self, other: ActivityMetrics) -> ActivityMetrics:
        """The clips of both."""
        total = ActivityMetrics(len(self.matrix))
        total.matrix, total._ranks = self.matrix + other.matrix, self._ranks + other._ranks
        return total

    def add(self, label: int, probabilities: Probabilities) -> None:
        """Add a clip.

        :param probabilities: (classes,), or any scores that rise with them.
        :raises ValueError: for a label that is no class, another number of classes, or scores that are not finite.
        """
        size = len(self.matrix)
        if not 0 <= label < size:
            raise ValueError(f"label: expected 0 to {size - 1}, got {label}")
        if probabilities.shape != (size,) or not np.isfinite(probabilities).all():
            raise ValueError(f"probabilities: expected {size} finite numbers, got {probabilities}")
        self.matrix[label, int(probabilities.argmax())] += 1
        # Of equals the true class comes last: a network that cannot tell is not right by chance.
        others = np.delete(probabilities, label)
        self._ranks[int((others >= probabilities[label]).sum())] += 1

    def top(self, k: int) -> float:
        """Share of the clips whose true class is among the k likeliest; nan without clips."""
        total = self._ranks.sum()
        return float(self._ranks[:k].sum() / total) if total else float("nan")

    def figures(self) -> dict[str, float]:
        """Top-1 and top-5 accuracy, and the mean recall of the classes that occur."""
        return {"top1": self.top(1), "top5": self.top(5), "mean_recall": self.mean_recall()}

    def recall(self) -> npt.NDArray[np.float64]:
        """(classes,) share of each class's clips that were named right; nan for a class without clips."""
        return _shares(self.matrix, self.matrix.sum(1))

    def precision(self) -> npt.NDArray[np.float64]:
        """(classes,) share of the clips called so that are of the class; nan where none was called so."""
        return _shares(self.matrix, self.matrix.sum(0))

    def mean_recall(self) -> float:
        """Mean of :meth:`recall` over the classes that occur."""
        found = self.recall()
        return float(np.nanmean(found)) if not np.isnan(found).all() else float("nan")


def _shares(matrix: npt.NDArray[np.int64], totals: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    return np.where(totals > 0, np.diag(matrix) / np.maximum(totals, 1), np.nan)
