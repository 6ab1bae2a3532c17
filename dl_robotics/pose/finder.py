"""BlazePose's detector (Bazarevsky et al. 2020, "BlazePose: On-device Real-time Body Pose tracking"): images to crops.

It finds faces, and for each the middle of the hips and the size and direction of the body. It is an SSD (Liu et al.
2016) whose overlapping boxes are blended (Bazarevsky et al. 2019, "BlazeFace").
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
from scipy.special import expit

from dl_robotics.inference.backend import Backend
from dl_robotics.ops.boxes import pairwise_iou, to_corners
from dl_robotics.ops.nms import batched_nms
from dl_robotics.pose.crop import Crop, Image

Floats = npt.NDArray[np.float32]

SIDE = 224  # of the network's input, pixels
OUTPUTS = (0, 1)  # of the network: boxes, logits
GRIDS = ((8, 2), (16, 2), (32, 6))  # stride in pixels, anchors in each cell
OVERLAP = 0.3  # intersection over union of two boxes of one person
FACE, HIPS, RIM = slice(0, 2), slice(4, 6), slice(6, 8)  # of the numbers of a box; the last four are not used


class Seen(NamedTuple):
    """People, best first.

    :param scores: (n,) in [0, 1].
    :param faces: (n, 2) middles, pixels of the image.
    :param crops: n places to look at more closely.
    """

    scores: Floats
    faces: Floats
    crops: tuple[Crop, ...]


def anchors() -> Floats:
    """(2254, 2) centres x, y of the anchors in [0, 1], row by row of one grid after another."""
    grids = []
    for stride, per_cell in GRIDS:
        centres = (np.arange(SIDE // stride) + 0.5) * stride / SIDE
        y, x = np.meshgrid(centres, centres, indexing="ij")
        grids.append(np.repeat(np.stack([x.ravel(), y.ravel()], -1), per_cell, axis=0))
    return np.concatenate(grids).astype(np.float32)


class Finder:
    """Finds people in an image.

    :param network: (1, 224, 224, 3) in [-1, 1] to (1, 2254, 12) boxes and (1, 2254, 1) logits.
    """

    def __init__(self, network: Backend) -> None:
        self._network, self._anchors = network, anchors()

    def __call__(self, image: Image, threshold: float, view: Crop | None = None) -> Seen:
        """People with this score or more.

        :param image: (height, width, 3) uint8, red first.
        :param view: where in the image to look; by default everywhere.
        """
        view = view or Crop.whole(image)
        pixels = view.take(image, SIDE, cv2.BORDER_CONSTANT)
        boxes, logits = self._network(np.multiply(pixels[None], 2.0 / 255.0, dtype=np.float32) - np.float32(1.0))
        return decode(boxes[0], expit(logits[0, :, 0]), self._anchors, threshold, view)


def decode(boxes: Floats, scores: Floats, anchors: Floats, threshold: float, view: Crop) -> Seen:
    """People from the network's numbers.

    :param boxes: (n, 12) centre, size and four points, each relative to the anchor, in pixels of the network's input.
    :param scores: (n,) in [0, 1].
    :param anchors: (n, 2) in [0, 1].
    :param view: where the network looked.
    """
    chosen = np.flatnonzero(scores >= threshold)
    rows, scores = boxes[chosen] / np.float32(SIDE), scores[chosen]
    rows[:, :2] += anchors[chosen]
    rows[:, 4:] += np.tile(anchors[chosen], 4)
    corners = to_corners(rows[:, :4])
    best = batched_nms(corners, scores, np.zeros(len(rows), np.int64), OVERLAP)
    if len(best) == 0:
        return Seen(scores, rows[:, :2], ())
    # Each box counts for the best one that it overlaps.
    overlapping = pairwise_iou(corners[best], corners) > OVERLAP
    overlapping[np.arange(len(best)), best] = True
    weights = scores * (overlapping.argmax(0) == np.arange(len(best))[:, None]) * overlapping.any(0)
    blended = weights @ rows / weights.sum(1, keepdims=True)
    faces, hips, rims = (view.to_image(blended[:, place]) for place in (FACE, HIPS, RIM))
    crops = tuple(Crop.around_body(hip, rim) for hip, rim in zip(hips, rims, strict=True))
    return Seen(scores[best], faces, crops)
