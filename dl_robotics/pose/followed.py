"""People who are followed from frame to frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from dl_robotics.ops.boxes import Boxes, pairwise_iou
from dl_robotics.ops.skeletons import Skeletons
from dl_robotics.pose.landmarks import JOINTS, Person

OVERLAP = 0.3  # intersection over union of a detector's box and that of a person's visible joints


class Followed(NamedTuple):
    """A person and the number that is kept while this one is followed."""

    number: int
    person: Person


def distinct(people: Sequence[Followed]) -> list[Followed]:
    """Those of whom no earlier one is the same person: two crops can drift to where one stands before the other."""
    kept: list[Followed] = []
    for one in people:
        if not any(one.person.crop.shows_same(other.person.crop) for other in kept):
            kept.append(one)
    return kept


def skeletons_of(people: Sequence[Followed]) -> Skeletons:
    """Their joints in pixels."""
    skeletons = Skeletons(
        np.zeros((len(people), JOINTS, 3), np.float32),
        np.zeros((len(people), JOINTS), np.float32),
        np.array([one.number for one in people], np.int64),
    )
    for row, (_, person) in enumerate(people):
        skeletons.joints[row, :, :2], skeletons.scores[row] = person.places, person.scores
    return skeletons


def unmatched(boxes: Boxes, known: Boxes) -> Boxes:
    """(m, 4) those of (n, 4) boxes that belong to none of the known ones, each of which has one box at most."""
    overlaps = pairwise_iou(boxes, known)
    rows, columns = linear_sum_assignment(overlaps, maximize=True)
    matched = rows[overlaps[rows, columns] >= OVERLAP]
    return np.delete(boxes, matched, axis=0)
