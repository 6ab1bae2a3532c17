"""Compressed images: ``sensor_msgs/CompressedImage`` as compressed_image_transport writes it."""

from __future__ import annotations

from typing import Any, Literal

import cv2
import numpy as np
from sensor_msgs.msg import CompressedImage
from std_msgs.msg import Header

from dl_robotics.messages.encodings import Encoding, Image, convert, find_encoding
from dl_robotics.messages.errors import MessageError, check
from dl_robotics.messages.image import check_layout


def decode_compressed_image(message: Any, desired_encoding: str = "passthrough") -> Image:
    """Pixels of a ``sensor_msgs/CompressedImage``.

    :param desired_encoding: an encoding to convert to, or ``"passthrough"`` for the picture's own depth and channels
        in OpenCV's order (blue, green, red).
    :return: (height, width) or (height, width, channels), uint8 or uint16 unless converted.
    :raises MessageError: for data that is no picture, the depth transport, or a conversion that cv_bridge refuses.
    """
    check("compressedDepth" not in message.format, "format", "a codec of compressed_image_transport", message.format)
    check(len(message.data) > 0, "data", "a JPEG or PNG picture", b"")
    image = _decompress(np.frombuffer(message.data, np.uint8))
    # The transport hands its pixels to OpenCV as they are and notes where they were not blue first.
    stored = _layout(image, "rgb" if "compressed rgb" in message.format else "bgr")
    if desired_encoding == "passthrough":
        return convert(image, stored, _layout(image, "bgr"))
    return convert(image, stored, find_encoding(desired_encoding, "desired_encoding"))


def encode_compressed_image(
    image: Image, encoding: str, header: Header, codec: Literal["jpeg", "png"] = "jpeg", jpeg_quality: int = 95
) -> CompressedImage:
    """The ``sensor_msgs/CompressedImage`` of pixels; PNG keeps 16 bits and alpha, JPEG is 8 bit and opaque.

    :param image: of the encoding's type and channels.
    :param jpeg_quality: 0 to 100.
    :raises MessageError: for an image that is empty or not of this encoding, or an encoding that names no colours.
    """
    source = find_encoding(encoding)
    check_layout(image, source)
    stored = _storable(source, codec)
    options = [cv2.IMWRITE_JPEG_QUALITY, jpeg_quality] if codec == "jpeg" else []
    done, picture = cv2.imencode(f".{codec}", convert(image, source, stored), options)
    check(done, "image", f"a size that {codec} can store", image.shape)
    colours = f" {stored.name}" if stored.channels > 1 else ""
    message = CompressedImage(header=header, format=f"{encoding}; {codec} compressed{colours}")
    message.data.frombytes(picture)
    return message


def _decompress(data: Image) -> Image:
    refusal = MessageError("data", "a JPEG or PNG picture", data[:8].tobytes())
    try:
        image = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    except cv2.error as error:  # a size beyond OpenCV's limit, for one
        raise refusal from error
    if image is None:
        raise refusal
    return image


def _layout(image: Image, order: str) -> Encoding:
    """The encoding of a decompressed image whose colours are in this order."""
    channels = image.shape[2] if image.ndim == 3 else 1
    name = {1: "mono", 3: order, 4: f"{order}a"}.get(channels)
    check(name is not None and image.dtype in (np.uint8, np.uint16), "data", "8 or 16 bit grey or colour", image.dtype)
    return find_encoding(f"{name}{8 * image.dtype.itemsize}")


def _storable(source: Encoding, codec: str) -> Encoding:
    """The encoding that goes into the picture."""
    check(bool(source.colour), "encoding", "one that names its colours", source.name)
    alpha = "a" if source.channels == 4 and codec == "png" else ""
    name = "mono" if source.colour == "GRAY" else f"bgr{alpha}"
    return find_encoding(f"{name}{8 if codec == 'jpeg' else source.bits}")
