"""Names of pixel layouts (``sensor_msgs/image_encodings``) and the conversions between them.

The conversions and refusals are those of ROS 2's cv_bridge; OpenCV does the arithmetic in both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from dl_robotics.messages.errors import MessageError, check

Image: TypeAlias = npt.NDArray[Any]  # (height, width) for one channel, else (height, width, channels)


@dataclass(frozen=True)
class Encoding:
    """A pixel's layout.

    :param dtype: of one channel.
    :param colour: OpenCV's name of what the channels mean; empty where the encoding does not say (``"8UC3"``).
    """

    name: str
    dtype: np.dtype[Any]
    channels: int
    colour: str

    @property
    def pixel_bytes(self) -> int:
        """Size of one pixel."""
        return self.channels * self.dtype.itemsize

    @property
    def bits(self) -> int:
        """Size of one channel."""
        return 8 * self.dtype.itemsize


_DEPTHS = {"8U": "u1", "8S": "i1", "16U": "u2", "16S": "i2", "32S": "i4", "32F": "f4", "64F": "f8"}
_DEPTH_CODES = {np.dtype(code): getattr(cv2, f"CV_{name}") for name, code in _DEPTHS.items()}
_ABSTRACT = re.compile(r"(8U|8S|16U|16S|32S|32F|64F)(?:C([1-9]\d{0,2}))?")

# OpenCV names a Bayer pattern after the second row's second and third pixel.
_BAYER = {"bayer_rggb": "BayerBG", "bayer_bggr": "BayerRG", "bayer_gbrg": "BayerGR", "bayer_grbg": "BayerGB"}
_PLAIN = {"mono": ("GRAY", 1), "rgb": ("RGB", 3), "bgr": ("BGR", 3), "rgba": ("RGBA", 4), "bgra": ("BGRA", 4)}
_LAYOUTS = _PLAIN | {name: (colour, 1) for name, colour in _BAYER.items()}
_YUV = {"yuv422": "UYVY", "uyvy": "UYVY", "yuv422_yuy2": "YUY2", "yuyv": "YUY2"}
_NAMED = {
    f"{name}{bits}": Encoding(f"{name}{bits}", np.dtype(f"u{bits // 8}"), channels, colour)
    for name, (colour, channels) in _LAYOUTS.items()
    for bits in (8, 16)
} | {name: Encoding(name, np.dtype(np.uint8), 2, colour) for name, colour in _YUV.items()}

_COLOURS = [colour for colour, _ in _PLAIN.values()]
_COLOUR_CODES = {
    **{(a, b): getattr(cv2, f"COLOR_{a}2{b}") for a in _COLOURS for b in _COLOURS if a != b},
    **{(a, b): getattr(cv2, f"COLOR_{a}2{b}") for a in _BAYER.values() for b in ("GRAY", "RGB", "BGR")},
    **{(a, b): getattr(cv2, f"COLOR_YUV2{b}_{a}") for a in ("UYVY", "YUY2") for b in _COLOURS},
}


@lru_cache
def find_encoding(name: str, field: str = "encoding") -> Encoding:
    """The encoding of that name.

    :param field: what to blame in the error.
    :raises MessageError: for an unknown name.
    """
    if name in _NAMED:
        return _NAMED[name]
    match = _ABSTRACT.fullmatch(name)
    if match is None:
        raise MessageError(field, "a name of sensor_msgs/image_encodings", name)
    return Encoding(name, np.dtype(_DEPTHS[match[1]]), int(match[2] or 1), colour="")


def convert(image: Image, source: Encoding, target: Encoding) -> Image:
    """An image in another encoding; the same array where nothing changes.

    Colours are converted in the source's depth, then 8 and 16 bit values scaled to each other's full range; all other
    changes of depth keep the value, rounded and clipped (as OpenCV does it: inf and NaN become the lowest). Encodings
    that name no colour only change their depth.

    :raises MessageError: where cv_bridge does not convert, e.g. from ``"8UC3"`` to ``"bgr8"``.
    """
    if target.name == source.name:
        return image
    if _only_depth_differs(source, target):
        return _convert_depth(image, source, target)
    code = _COLOUR_CODES.get((source.colour, target.colour))
    if code is None:
        raise MessageError("encoding", f"one that converts to {target.name}", source.name)
    if source.name in _YUV:
        check(image.shape[1] % 2 == 0, "width", f"an even number for {source.name}", image.shape[1])
    return _convert_depth(cv2.cvtColor(image, code), source, target)


def _only_depth_differs(source: Encoding, target: Encoding) -> bool:
    if source.colour and target.colour:
        return source.colour == target.colour and source.colour not in _BAYER.values()
    return source.channels == target.channels and not target.colour


def _convert_depth(image: Image, source: Encoding, target: Encoding) -> Image:
    if source.dtype == target.dtype:
        return image
    scale = {(8, 16): 65535.0 / 255.0, (16, 8): 255.0 / 65535.0}.get((source.bits, target.bits), 1.0)
    # Flat, as OpenCV limits the channels; by ones, as it takes a plain number for one factor per channel of a pixel.
    rows = image.reshape(len(image), -1)
    scaled = cv2.multiply(rows, np.ones_like(rows), scale=scale, dtype=_DEPTH_CODES[target.dtype])
    return np.asarray(scaled).reshape(image.shape)
