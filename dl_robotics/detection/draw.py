"""Detections for people to look at."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from dl_robotics.ops.detections import Detections
from dl_robotics.ops.palette import palette

Image = npt.NDArray[np.uint8]
Colour = tuple[int, ...]
FONT = cv2.FONT_HERSHEY_SIMPLEX
SCALE, ROW, MARGIN = 0.45, 16, 3  # of the font, whose letters are then about 10 pixels high; pixels; pixels
BLACK, WHITE = (0, 0, 0), (255, 255, 255)


def draw_detections(image: Image, detections: Detections, classes: Sequence[str]) -> Image:
    """A copy of an image with boxes, class names, scores and, where there are any, tracks; the best on top.

    Legible on any background: boxes have a black line beside the coloured one, texts lie on their class's colour.

    :param image: (height, width, 3) uint8, red first.
    :param classes: names by class id.
    """
    drawn = image.copy()
    colours = palette()
    for number in reversed(range(len(detections))):
        label = int(detections.labels[number])
        colour = tuple(int(level) for level in colours[label % len(colours)])
        left, top, right, bottom = (round(float(edge)) for edge in detections.boxes[number])
        cv2.rectangle(drawn, (left - 1, top - 1), (right + 1, bottom + 1), BLACK, 1)
        cv2.rectangle(drawn, (left, top), (right, bottom), colour, 1)
        _draw_text(drawn, (left, top), _text(detections, number, classes), colour)
    return drawn


def _text(detections: Detections, number: int, classes: Sequence[str]) -> str:
    track = f" {detections.ids[number]}" if detections.ids else ""
    return f"{classes[int(detections.labels[number])]}{track} {detections.scores[number]:.2f}"


def _draw_text(image: Image, corner: tuple[int, int], text: str, colour: Colour) -> None:
    """A line of text above a point, below it where there is no room, within the image where it fits."""
    (width, _), _ = cv2.getTextSize(text, FONT, SCALE, 1)
    left = max(min(corner[0], image.shape[1] - width - 2 * MARGIN), 0)
    top = corner[1] - ROW if corner[1] >= ROW else corner[1] + 1
    cv2.rectangle(image, (left, top), (left + width + 2 * MARGIN, top + ROW - 1), colour, cv2.FILLED)
    cv2.putText(image, text, (left + MARGIN, top + ROW - 5), FONT, SCALE, _legible_on(colour), 1, cv2.LINE_AA)


def _legible_on(colour: Colour) -> Colour:
    """Black or white, whichever differs more from a colour in luma (ITU-R BT.601)."""
    red, green, blue = colour
    return BLACK if 0.299 * red + 0.587 * green + 0.114 * blue > 127.5 else WHITE
