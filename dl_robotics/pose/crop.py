"""The square of an image, upright or turned, in which a network looks for a person."""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

Image: TypeAlias = npt.NDArray[np.uint8]
Points: TypeAlias = npt.NDArray[np.float32]

MARGIN = 1.25  # of a crop, over the circle that a person fits in
NEAR = 0.15  # of the larger crop's side: two crops whose centres are closer show one person,
ALIKE = 1.6  # unless one is so many times larger


class Crop(NamedTuple):
    """A square.

    :param x: of its centre, pixels.
    :param y: of its centre, pixels.
    :param side: pixels, > 0.
    :param angle: by which it is turned clockwise, rad: a person in it stands upright when it is turned back.
    """

    x: float
    y: float
    side: float
    angle: float = 0.0

    @classmethod
    def whole(cls, image: Image) -> Crop:
        """The smallest square around an image."""
        height, width = image.shape[:2]
        return cls(width / 2.0, height / 2.0, float(max(height, width)))

    @classmethod
    def around_body(cls, hips: Points, rim: Points) -> Crop:
        """What BlazePose looks at: a circle about the hips, whose rim it has found above the head, and a margin.

        :param hips: (2,) the middle between the hips.
        :param rim: (2,) the point of the circle in the direction in which the person is upright.
        """
        x, y = float(hips[0]), float(hips[1])
        right, up = float(rim[0]) - x, y - float(rim[1])
        return cls(x, y, 2.0 * MARGIN * max(math.hypot(right, up), 1.0), math.atan2(right, up))

    @classmethod
    def around_box(cls, box: npt.NDArray[np.float32]) -> Crop:
        """An upright square around a detector's box, with the margin that the network is used to."""
        left, top, right, bottom = (float(edge) for edge in box)
        return cls((left + right) / 2.0, (top + bottom) / 2.0, MARGIN * max(right - left, bottom - top, 1.0))

    def shows_same(self, other: Crop) -> bool:
        """Whether both look at one person, judging by place and size."""
        large, small = max(self.side, other.side), min(self.side, other.side)
        return math.hypot(self.x - other.x, self.y - other.y) < NEAR * large and large < ALIKE * small

    def take(self, image: Image, size: int, border: int) -> Image:
        """The pixels, turned back and resized to (size, size, 3), bilinear without smoothing as MediaPipe does it.

        :param border: OpenCV's name of what lies outside the image, e.g. ``cv2.BORDER_REPLICATE``.
        """
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        taken = cv2.warpAffine(image, self._matrix(size), (size, size), flags=flags, borderMode=border)
        return np.asarray(taken, np.uint8)

    def to_image(self, points: Points) -> Points:
        """(n, 2) pixels of the image of points given as shares of the side, (0, 0) in the left top corner."""
        matrix = self._matrix(1)
        return np.asarray(points @ matrix[:, :2].T + matrix[:, 2], np.float32)

    def _matrix(self, size: int) -> npt.NDArray[np.float64]:
        """(2, 3) from the crop's pixels, where the side has so many, to the image's."""
        cos, sin = self.side * math.cos(self.angle), self.side * math.sin(self.angle)
        corner_x, corner_y = self.x - (cos - sin) / 2.0, self.y - (sin + cos) / 2.0
        return np.array([[cos / size, -sin / size, corner_x], [sin / size, cos / size, corner_y]])
