"""Whom a model that looks at two people looks at together: each with whoever is nearest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from dl_robotics.ops.boxes import Boxes

T = TypeVar("T")


def groups(people: Sequence[T], boxes: Boxes, size: int) -> list[list[T]]:
    """Each person with those nearest to them, themselves first.

    :param people: n, or none.
    :param boxes: (n, 4) corners of where they are.
    :param size: people in a group, fewer where there are fewer.
    """
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2.0
    found = []
    for row, _ in enumerate(people):
        away = np.linalg.norm(centres - centres[row], axis=1)
        away[row] = -1.0  # before anybody who is at the same place
        found.append([people[near] for near in np.argsort(away, kind="stable")[:size]])
    return found
