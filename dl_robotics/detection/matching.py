"""Which prior answers for which labelled box (Liu et al. 2016, section 2.2)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Overlaps = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]

UNMATCHED = -1


def best_pairs(overlap: Overlaps) -> list[tuple[int, int]]:
    """A prior of its own for every box: (box, prior), the best overlapping pair first, then the best of the rest.

    Two boxes that want one prior both get one, the better overlapping the wanted one; as long as priors last that
    overlap at all.

    :param overlap: (n, A) of boxes with priors.
    """
    left, pairs = overlap.copy(), []
    for _ in range(min(left.shape)):
        box, prior = divmod(int(left.argmax()), left.shape[1])
        if left[box, prior] <= 0.0:
            break
        pairs.append((box, prior))
        left[box, :], left[:, prior] = 0.0, 0.0
    return pairs


def match(overlap: Overlaps, threshold: float) -> Indices:
    """(A,) for each prior the box that it answers for, or ``UNMATCHED``.

    First :func:`best_pairs`; then every other prior takes the box that it overlaps most, if by more than ``threshold``.

    :param overlap: (n, A) of boxes with priors, n may be 0.
    """
    if not len(overlap):
        return np.full(overlap.shape[1], UNMATCHED)
    matched = np.where(overlap.max(axis=0) > threshold, overlap.argmax(axis=0), UNMATCHED)
    for box, prior in best_pairs(overlap):
        matched[prior] = box
    return matched
