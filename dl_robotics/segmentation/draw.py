"""Segmentations for people to look at."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from dl_robotics.data.sample import IGNORED
from dl_robotics.ops.draw_text import BLACK, ROW, Image, draw_text
from dl_robotics.ops.palette import palette

SWATCH, INSET = 12, 4  # pixels


def draw_segmentation(image: Image, ids: Image, classes: Sequence[str], opacity: float = 0.5) -> Image:
    """A copy of an image with the classes' colours laid over it, and a legend of those that occur.

    Ignored pixels and class 0, which is black, are left as they are.

    :param image: (height, width, 3) uint8, red first.
    :param ids: (height, width) uint8 class ids, or ``IGNORED``.
    :param classes: names of the class ids.
    :param opacity: of the colours, in [0, 1].
    """
    colours = palette()
    coloured = (ids != 0) & (ids != IGNORED)
    blended = cv2.addWeighted(image, 1.0 - opacity, np.take(colours, ids, axis=0), opacity, 0.0)
    drawn = image.copy()
    cv2.copyTo(blended, coloured.view(np.uint8), drawn)
    present = np.flatnonzero(np.bincount(ids.ravel(), minlength=256)).tolist()
    for row, number in enumerate(n for n in present if n < len(classes)):
        _draw_entry(drawn, row, classes[number], tuple(int(c) for c in colours[number]))
    return drawn


def _draw_entry(image: Image, row: int, name: str, colour: tuple[int, ...]) -> None:
    """One line of the legend: a square of the colour and the name, on black."""
    top, left = INSET + row * ROW, INSET
    cv2.rectangle(image, (left, top), (left + ROW - 1, top + ROW - 1), BLACK, cv2.FILLED)
    cv2.rectangle(image, (left + 2, top + 2), (left + SWATCH, top + SWATCH), colour, cv2.FILLED)
    draw_text(image, (left + ROW, top + ROW), name, BLACK)
