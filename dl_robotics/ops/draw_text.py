"""Texts in images that people can read on any background."""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

Image: TypeAlias = npt.NDArray[np.uint8]
Colour: TypeAlias = tuple[int, ...]
FONT = cv2.FONT_HERSHEY_SIMPLEX
SCALE, ROW, MARGIN = 0.45, 16, 3  # of the font, whose letters are then about 10 pixels high; pixels; pixels
BLACK, WHITE = (0, 0, 0), (255, 255, 255)


def draw_text(image: Image, corner: tuple[int, int], text: str, colour: Colour) -> None:
    """Draw a line of text above a point, below it where there is no room, within the image where it fits.

    :param image: (height, width, 3) uint8, red first.
    :param colour: of the field that it lies on.
    """
    (width, _), _ = cv2.getTextSize(text, FONT, SCALE, 1)
    left = max(min(corner[0], image.shape[1] - width - 2 * MARGIN), 0)
    top = corner[1] - ROW if corner[1] >= ROW else corner[1] + 1
    cv2.rectangle(image, (left, top), (left + width + 2 * MARGIN, top + ROW - 1), colour, cv2.FILLED)
    cv2.putText(image, text, (left + MARGIN, top + ROW - 5), FONT, SCALE, _legible_on(colour), 1, cv2.LINE_AA)


def _legible_on(colour: Colour) -> Colour:
    """Black or white, whichever differs more from a colour in luma (ITU-R BT.601)."""
    red, green, blue = colour
    return BLACK if 0.299 * red + 0.587 * green + 0.114 * blue > 127.5 else WHITE
