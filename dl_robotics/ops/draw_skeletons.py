"""Skeletons for people to look at."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from dl_robotics.ops.draw_text import BLACK, WHITE, Colour, Image
from dl_robotics.ops.palette import colour_of
from dl_robotics.ops.skeleton_layout import SkeletonLayout
from dl_robotics.ops.skeletons import Skeletons

MIN_SCORE = 0.5


def draw_skeletons(image: Image, skeletons: Skeletons, layout: SkeletonLayout, min_score: float = MIN_SCORE) -> Image:
    """A copy of an image with the bones and joints of people, each person in a colour by number.

    Legible on any background: bones have a black rim, joints are white in the middle.

    :param image: (height, width, 3) uint8, red first.
    :param skeletons: joints of ``layout`` in pixels of this image.
    :param min_score: joints with a lower score, or none, and their bones are left out.
    """
    drawn = image.copy()
    thickness = 2 + min(image.shape[:2]) // 400
    for person, joints, scores in zip(skeletons.persons, skeletons.joints, skeletons.scores, strict=True):
        colour = colour_of(int(person) + 1)
        seen = (scores > 0.0) & (scores >= min_score)
        points = {int(joint): _pixel(joints[joint]) for joint in np.flatnonzero(seen)}
        bones = [(points[a], points[b]) for a, b in layout.bones if a in points and b in points]
        _draw_bones(drawn, bones, BLACK, thickness + 2)
        _draw_bones(drawn, bones, colour, thickness)
        for point in points.values():
            cv2.circle(drawn, point, thickness + 1, colour, cv2.FILLED, cv2.LINE_AA)
            cv2.circle(drawn, point, max(thickness - 1, 1), WHITE, cv2.FILLED, cv2.LINE_AA)
    return drawn


def _draw_bones(
    image: Image, bones: list[tuple[tuple[int, int], tuple[int, int]]], colour: Colour, thickness: int
) -> None:
    for begin, end in bones:
        cv2.line(image, begin, end, colour, thickness, cv2.LINE_AA)


def _pixel(joint: npt.NDArray[np.float32]) -> tuple[int, int]:
    return round(float(joint[0])), round(float(joint[1]))
