"""From a camera's image to a network's input, in one compiled pass."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dl_robotics.config import require
from dl_robotics.errors import UserError
from dl_robotics.ops.compiled import compiled

Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


class ImageError(UserError, ValueError):
    """An array that is no image as the package passes them: (height, width, 3) uint8, red first."""


class Taps(NamedTuple):
    """For every output pixel along one axis: ``(1 - weight) * input[lower] + weight * input[upper]``."""

    lower: npt.NDArray[np.intp]
    upper: npt.NDArray[np.intp]
    weight: Floats


class Preprocess:
    """Resizes, scales to [0, 1], normalises by mean and standard deviation, and puts the channels first.

    Resizing is bilinear between pixel centres, without smoothing: that of ``torch.nn.functional.interpolate`` with
    ``align_corners=False`` and ``antialias=False`` on the image as floating-point numbers, equal to 1e-5.

    :param height: of the network's input, pixels.
    :param width: of the network's input, pixels.
    :param mean: of the red, green and blue channels in [0, 1].
    :param std: their standard deviations.
    :raises ConfigError: for sizes or deviations that are not positive, or a number of channels other than three.
    """

    def __init__(self, height: int, width: int, mean: tuple[float, ...], std: tuple[float, ...]) -> None:
        require(height > 0 and width > 0, "height, width", "> 0", (height, width))
        require(len(mean) == 3, "mean", "three numbers", mean)
        require(len(std) == 3 and min(std) > 0.0, "std", "three numbers > 0", std)
        self.height, self.width = height, width
        self._scale = (1.0 / (255.0 * np.asarray(std))).astype(np.float32)
        self._shift = (-np.asarray(mean) / np.asarray(std)).astype(np.float32)
        self._buffer = np.empty((1, 3, height, width), np.float32)
        self(np.zeros((1, 1, 3), np.uint8))  # compiles, or reads the compiled code, before the first image is due

    def __call__(self, image: Image) -> Floats:
        """Process an image.

        :param image: (H, W, 3) uint8, red first; of any size.
        :returns: (1, 3, height, width) float32, overwritten by the next call.
        :raises ImageError: if the array is no such image.
        """
        self.into(image, self._buffer[0])
        return self._buffer

    def into(self, image: Image, out: Floats) -> None:
        """Process an image into a place of the caller's; several threads may do so at once.

        :param image: (H, W, 3) uint8, red first; of any size.
        :param out: (3, height, width) float32, contiguous.
        :raises ImageError: if the array is no such image.
        """
        check_image(image)
        contiguous = np.ascontiguousarray(image).view()
        contiguous.flags.writeable = False  # one type, so one compilation, for all that comes
        rows, columns = taps(image.shape[0], self.height), taps(image.shape[1], self.width)
        _resize_normalise(contiguous, rows, columns, self._scale, self._shift, out)


def check_image(image: Image) -> None:
    """Refuse what is no image.

    :raises ImageError: naming what came: a grey image, one with alpha, another type, an empty one.
    """
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or image.size == 0:
        raise ImageError(f"image: expected (height, width, 3) uint8, red first; got {_describe(image)}")


def _describe(image: npt.NDArray[np.generic]) -> str:
    shape = f"{image.shape} {image.dtype}"
    if image.dtype != np.uint8:
        return shape
    if image.ndim == 2 or (image.ndim == 3 and image.shape[2] == 1):
        return f"{shape}, a grey image"
    if image.ndim == 3 and image.shape[2] == 4:
        return f"{shape}, an image with alpha"
    return f"{shape}, no image" if image.size else f"{shape}, an empty image"


@lru_cache(maxsize=64)
def taps(count: int, wanted: int) -> Taps:
    """Bilinear interpolation along one axis, from ``count`` to ``wanted`` pixels.

    Positions are rounded as torch rounds them: a float32 product and sum with one rounding. Where an image is
    thousands of pixels long, other roundings move the result by more than 1e-5.
    """
    scale = np.float64(np.float32(count) / np.float32(wanted))
    position = np.maximum(scale * (np.arange(wanted) + 0.5) - 0.5, 0.0).astype(np.float32)
    lower = np.minimum(position.astype(np.intp), count - 1)
    weight = np.clip(position - lower, 0.0, 1.0).astype(np.float32)
    return Taps(lower, np.minimum(lower + 1, count - 1), weight)


@compiled
def _resize_normalise(image: Image, rows: Taps, columns: Taps, scale: Floats, shift: Floats, out: Floats) -> None:
    """``out[c] = resized[..., c] * scale[c] + shift[c]``; a row at a time: blend two rows, then along the row."""
    blended = np.empty(image.shape[1] * 3, np.float32)
    left, right = columns.lower * 3, columns.upper * 3
    for y in range(out.shape[1]):
        above, below = image[rows.lower[y]].ravel(), image[rows.upper[y]].ravel()
        weight = rows.weight[y]
        rest = np.float32(1.0) - weight
        for i in range(len(blended)):
            blended[i] = rest * np.float32(above[i]) + weight * np.float32(below[i])
        for c in range(3):
            line = out[c, y]
            for x in range(len(line)):
                value = blended[left[x] + c]
                value += columns.weight[x] * (blended[right[x] + c] - value)
                line[x] = value * scale[c] + shift[c]
