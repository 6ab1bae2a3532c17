"""Detections for people to look at."""

from __future__ import annotations

from collections.abc import Sequence

import cv2

from dl_robotics.ops.detections import Detections
from dl_robotics.ops.draw_text import BLACK, Image, draw_text
from dl_robotics.ops.palette import colour_of


def draw_detections(image: Image, detections: Detections, classes: Sequence[str]) -> Image:
    """A copy of an image with boxes, class names, scores and, where there are any, tracks; the best on top.

    Legible on any background: boxes have a black line beside the coloured one, texts lie on their class's colour.

    :param image: (height, width, 3) uint8, red first.
    :param classes: names by class id.
    """
    drawn = image.copy()
    for number in reversed(range(len(detections))):
        label = int(detections.labels[number])
        colour = colour_of(label)
        left, top, right, bottom = (round(float(edge)) for edge in detections.boxes[number])
        cv2.rectangle(drawn, (left - 1, top - 1), (right + 1, bottom + 1), BLACK, 1)
        cv2.rectangle(drawn, (left, top), (right, bottom), colour, 1)
        draw_text(drawn, (left, top), _text(detections, number, classes), colour)
    return drawn


def _text(detections: Detections, number: int, classes: Sequence[str]) -> str:
    track = f" {detections.ids[number]}" if detections.ids else ""
    return f"{classes[int(detections.labels[number])]}{track} {detections.scores[number]:.2f}"
