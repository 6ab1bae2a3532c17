"""Random windows: the larger canvas and the crops of SSD (Liu et al. 2016, section 2.2)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dl_robotics.data.augmentation.config import AugmentationConfig
from dl_robotics.data.augmentation.geometry import Window, has_centre_in

Boxes = npt.NDArray[np.float32]

_TRIALS = 50  # as published
_LEAST_SHOWN = 0.25


def scaled(width: int, height: int, ratio: float, rng: np.random.Generator) -> Window:
    """A window of ``ratio`` image sizes at a random place: above 1 around the image, below 1 a part of it."""
    sizes = np.array([width, height])
    window_sizes = np.maximum((sizes * ratio).astype(np.int64), 1)
    corner = (rng.random(2) * (sizes - window_sizes)).astype(np.int64)
    return Window(*corner.tolist(), *(corner + window_sizes).tolist())


def cropped(whole: Window, image: Window, boxes: Boxes, config: AugmentationConfig, rng: np.random.Generator) -> Window:
    """A crop of a window that has the least IoU with some box that was drawn for it, and the centre of some box.

    Without boxes any crop will do that shows the image in a quarter of its area. The whole window is kept where fifty
    trials find none.

    :param image: where the image lies; beyond it is the canvas.
    :param boxes: (n, 4), in the pixels that the windows are given in.
    """
    overlap = config.crop_overlaps[int(rng.integers(len(config.crop_overlaps)))]
    if overlap < 0.0:
        return whole
    crops = _candidates(whole, config, rng)
    if len(boxes):
        fits = has_centre_in(boxes, crops).any(axis=1) & (_overlaps(crops, boxes).max(axis=1) >= overlap)
    else:
        shown = _shared(crops, np.array([image], np.float32))[:, 0]
        fits = shown >= _LEAST_SHOWN * _areas(crops)
    crops = crops[fits]
    return Window(*crops[0].tolist()) if len(crops) else whole


def _candidates(whole: Window, config: AugmentationConfig, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """(m, 4) random crops whose sides are shares of the window's in [scale, 1] and whose shape is not extreme."""
    shares = rng.uniform(config.crop_scale, 1.0, (_TRIALS, 2))
    aspects = shares[:, 0] / shares[:, 1]
    shares = shares[(aspects <= config.crop_aspect) & (aspects >= 1.0 / config.crop_aspect)]
    whole_size = np.array([whole.right - whole.left, whole.bottom - whole.top])
    sizes = np.maximum((shares * whole_size).astype(np.int64), 1)
    corners = np.array(whole[:2]) + (rng.random(sizes.shape) * (whole_size - sizes + 1)).astype(np.int64)
    return np.hstack([corners, corners + sizes])


def _overlaps(crops: npt.NDArray[np.int64], boxes: Boxes) -> npt.NDArray[np.float64]:
    """(m, n) intersection over union."""
    shared = _shared(crops, boxes)
    return np.asarray(shared / np.maximum(_areas(crops)[:, None] + _areas(boxes) - shared, 1e-9))


def _shared(crops: npt.NDArray[np.int64], boxes: Boxes) -> npt.NDArray[np.float64]:
    """(m, n) areas of the intersections."""
    low = np.maximum(crops[:, None, :2], boxes[None, :, :2])
    high = np.minimum(crops[:, None, 2:], boxes[None, :, 2:])
    return np.asarray(np.clip(high - low, 0.0, None).prod(axis=2))


def _areas(boxes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.asarray((boxes[:, 2:] - boxes[:, :2]).prod(axis=1))
