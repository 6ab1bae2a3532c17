"""Changes of place: every one moves image, boxes and mask together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from dl_robotics.data.sample import IGNORED, Sample

Fill = tuple[int, int, int]


class Window(NamedTuple):
    """A rectangle of whole pixels, in pixels of an image; it may reach beyond the image."""

    left: int
    top: int
    right: int
    bottom: int


def flip(sample: Sample) -> Sample:
    """Exchange left and right."""
    boxes, width = sample.boxes, sample.image.shape[1]
    return replace(
        sample,
        image=np.asarray(cv2.flip(sample.image, 1), np.uint8),
        boxes=None
        if boxes is None
        else np.hstack([width - boxes[:, [2]], boxes[:, [1]], width - boxes[:, [0]], boxes[:, [3]]]),
        mask=None if sample.mask is None else np.asarray(cv2.flip(sample.mask, 1), np.uint8),
    )


def resize(sample: Sample, width: int, height: int) -> Sample:
    """Change the size in pixels: the image is interpolated, the mask takes the nearest pixel."""
    old_height, old_width = sample.image.shape[:2]
    if (width, height) == (old_width, old_height):
        return sample
    factors = np.array([width / old_width, height / old_height] * 2, np.float32)
    interpolation = cv2.INTER_AREA if width < old_width else cv2.INTER_LINEAR
    return replace(
        sample,
        image=np.asarray(cv2.resize(sample.image, (width, height), interpolation=interpolation), np.uint8),
        boxes=None if sample.boxes is None else sample.boxes * factors,
        mask=None if sample.mask is None else _resize_mask(sample.mask, width, height),
    )


def view(sample: Sample, window: Window, fill: Fill) -> Sample:
    """What lies in a window: pixels beyond the image get a colour, and are ignored in the mask.

    Boxes are clipped to the window; those whose centre is outside are left out (Liu et al. 2016).
    """
    boxes, labels = _in_window(sample, window)
    return replace(
        sample,
        image=_cut(sample.image, window, fill),
        boxes=boxes,
        labels=labels,
        mask=None if sample.mask is None else _cut(sample.mask, window, IGNORED),
    )


def has_centre_in(boxes: npt.NDArray[np.float32], windows: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """(m, n) whether the centres of (n, 4) boxes are inside each of (m, 4) windows."""
    centres = (boxes[None, :, :2] + boxes[None, :, 2:]) / 2.0
    inside = (centres > windows[:, None, :2]) & (centres < windows[:, None, 2:])
    return np.asarray(inside.all(axis=2))


def _in_window(sample: Sample, window: Window) -> tuple[npt.NDArray[np.float32] | None, npt.NDArray[np.int64] | None]:
    if sample.boxes is None or sample.labels is None:
        return sample.boxes, sample.labels
    kept = has_centre_in(sample.boxes, np.array([window]))[0]
    origin = np.array([window.left, window.top] * 2, np.float32)
    size = np.array([window.right - window.left, window.bottom - window.top] * 2, np.float32)
    return np.clip(sample.boxes[kept] - origin, 0.0, size), sample.labels[kept]


def _cut(image: npt.NDArray[np.uint8], window: Window, fill: Any) -> npt.NDArray[np.uint8]:
    height, width = image.shape[:2]
    left, right = np.clip((window.left, window.right), 0, width).tolist()
    top, bottom = np.clip((window.top, window.bottom), 0, height).tolist()
    inside = image[top:bottom, left:right]
    size = (window.bottom - window.top, window.right - window.left)
    if inside.shape[:2] == size:
        return inside
    # Row by row: pixel by pixel takes ten times as long.
    row = np.tile(np.asarray(fill, np.uint8), size[1])
    canvas = np.broadcast_to(row, (size[0], len(row))).copy().reshape(*size, *image.shape[2:])
    canvas[top - window.top : bottom - window.top, left - window.left : right - window.left] = inside
    return canvas


def _resize_mask(mask: npt.NDArray[np.uint8], width: int, height: int) -> npt.NDArray[np.uint8]:
    # Unlike INTER_NEAREST this one takes the pixel whose centre is nearest.
    return np.asarray(cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST_EXACT), np.uint8)
