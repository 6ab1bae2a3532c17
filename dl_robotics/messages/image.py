"""Raw images: ``sensor_msgs/Image``."""

from __future__ import annotations

from typing import Any

import numpy as np
from sensor_msgs.msg import Image as ImageMessage
from std_msgs.msg import Header

from dl_robotics.messages.encodings import Encoding, Image, convert, find_encoding
from dl_robotics.messages.errors import check


def decode_image(message: Any, desired_encoding: str = "passthrough") -> Image:
    """Pixels of a ``sensor_msgs/Image``, in the machine's byte order, row padding removed.

    :param desired_encoding: as cv_bridge has it: an encoding to convert to, or ``"passthrough"`` for the message's own.
    :return: (height, width) or (height, width, channels). Where nothing had to be converted it shares the message's
        memory and is read-only.
    :raises MessageError: for an empty image, an unknown encoding, rows that do not fit ``step``, data whose length is
        not ``step * height``, or a conversion that cv_bridge refuses.
    """
    source = find_encoding(message.encoding)
    image = _pixels(message, source)
    if desired_encoding == "passthrough":
        return image
    return convert(image, source, find_encoding(desired_encoding, "desired_encoding"))


def encode_image(image: Image, encoding: str, header: Header) -> ImageMessage:
    """The ``sensor_msgs/Image`` of pixels, little-endian and without row padding.

    :param image: (height, width) or (height, width, channels), of the encoding's type.
    :raises MessageError: for an unknown encoding or an image that is empty or not of this encoding.
    """
    layout = find_encoding(encoding)
    check_layout(image, layout)
    height, width = image.shape[:2]
    message = ImageMessage(header=header, height=height, width=width, encoding=encoding)
    message.step = width * layout.pixel_bytes
    # Filling the message's own array is the only way without a second copy (or, from an ndarray, a loop over items).
    message.data.frombytes(np.ascontiguousarray(image, layout.dtype.newbyteorder("<")).reshape(-1).view(np.uint8))
    return message


def check_layout(image: Image, layout: Encoding) -> None:
    """Refuse an image that is empty or whose type and channels are not those of the encoding."""
    got = f"{image.dtype} {image.shape}"
    channels = image.shape[2] if image.ndim == 3 else 1
    fits = image.ndim in (2, 3) and channels == layout.channels and image.dtype == layout.dtype
    check(fits, "image", f"{layout.dtype} (height, width) with {layout.channels} channels for {layout.name}", got)
    check(image.size > 0, "image", "at least one pixel", got)


def _pixels(message: Any, encoding: Encoding) -> Image:
    height, width, step = int(message.height), int(message.width), int(message.step)
    row_bytes = width * encoding.pixel_bytes
    check(height > 0, "height", "> 0", height)
    check(width > 0, "width", "> 0", width)
    check(step >= row_bytes, "step", f">= {row_bytes} bytes ({width} {encoding.name} pixels)", step)
    check(len(message.data) == height * step, "data", f"{height * step} bytes (height * step)", len(message.data))
    rows = np.frombuffer(message.data, np.uint8).reshape(height, step)
    if step > row_bytes:
        rows = np.ascontiguousarray(rows[:, :row_bytes])
    in_message = encoding.dtype.newbyteorder(">" if message.is_bigendian else "<")
    shape = (height, width) if encoding.channels == 1 else (height, width, encoding.channels)
    # Recordings hand out slices of a file, which need not lie at a multiple of the channel's size.
    image = np.require(rows.view(in_message).reshape(shape), encoding.dtype, "A")
    image.setflags(write=False)
    return image
