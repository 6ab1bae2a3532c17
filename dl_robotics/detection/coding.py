"""How a network's numbers stand for boxes: the one thing in which the heads differ for all that comes behind them."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from dl_robotics.detection.coder import decode, encode
from dl_robotics.detection.matching import match
from dl_robotics.ops.boxes import Boxes, pairwise_iou, to_corners
from dl_robotics.ops.compiled import compiled

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]


class Targets(NamedTuple):
    """What the network should say of one image.

    :param labels: (A,) class ids, 0 for background, or ``IGNORED``.
    :param offsets: (A, 4) float32; counts where the label is above 0.
    """

    labels: Integers
    offsets: Floats


class Coding(Protocol):
    """Between boxes in pixels, at the network's size, and the numbers of its A predictions."""

    def __len__(self) -> int:
        """A."""

    def encode(self, boxes: Boxes, labels: Integers) -> Targets:
        """The targets of labelled boxes, of which there may be none; both sides of each are above 0."""

    def decode(self, logits: Floats, offsets: Floats) -> tuple[Floats, Boxes]:
        """Probabilities (A, C) with the background first, and boxes (A, 4)."""


class PriorCoding:
    """SSD's: offsets from prior boxes, softmax over the classes and the background.

    :param priors: (A, 4) centre x, centre y, width, height.
    :param match_iou: overlap above which a prior answers for a box that is better matched by another.
    """

    def __init__(self, priors: Boxes, match_iou: float = 0.5) -> None:
        self.priors, self.match_iou = priors, match_iou
        self._corners = to_corners(priors)

    def __len__(self) -> int:
        """Number of priors."""
        return len(self.priors)

    def encode(self, boxes: Boxes, labels: Integers) -> Targets:
        """Match boxes and priors; those without a box are background."""
        matched = match(pairwise_iou(boxes, self._corners), self.match_iou)
        positive = np.flatnonzero(matched >= 0)
        targets = Targets(np.zeros(len(self.priors), np.int64), np.zeros_like(self.priors))
        targets.labels[positive] = labels[matched[positive]]
        targets.offsets[positive] = encode(boxes[matched[positive]], self.priors[positive])
        return targets

    def decode(self, logits: Floats, offsets: Floats) -> tuple[Floats, Boxes]:
        """Probabilities and boxes; boxes may reach beyond the image."""
        return softmax(logits), decode(offsets, self.priors)


def softmax(logits: Floats) -> Floats:
    """Probabilities (n, C) of logits (n, C): NumPy's own sums along short rows take five times as long."""
    probabilities = _minus_largest(logits)
    np.exp(probabilities, out=probabilities)  # several numbers at once, as Numba alone cannot
    _to_sum_one(probabilities)
    return probabilities


@compiled
def _minus_largest(logits: Floats) -> Floats:
    """Every row less its largest number."""
    moved = np.empty_like(logits)
    for row in range(logits.shape[0]):
        largest = logits[row, 0]
        for column in range(1, logits.shape[1]):
            largest = max(largest, logits[row, column])
        for column in range(logits.shape[1]):
            moved[row, column] = logits[row, column] - largest
    return moved


@compiled
def _to_sum_one(powers: Floats) -> None:
    """Divide every row by its sum."""
    for row in range(powers.shape[0]):
        total = np.float32(0.0)
        for column in range(powers.shape[1]):
            total += powers[row, column]
        for column in range(powers.shape[1]):
            powers[row, column] /= total
