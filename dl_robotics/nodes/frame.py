"""One camera image on its way through a node."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from std_msgs.msg import Header

from dl_robotics.messages.compressed_image import decode_compressed_image
from dl_robotics.messages.header import decode_header
from dl_robotics.messages.image import decode_image

ENCODING = "rgb8"  # of images inside the package


class Frame:
    """An image that is decoded once, when the first asks for it, whatever thread that is in.

    :param header: of the message that brought it; every result carries it unchanged.
    :param decode: gives the (height, width, 3) RGB pixels.
    :raises MessageError: for a stamp that cannot be.
    """

    def __init__(self, header: Header, decode: Callable[[], npt.NDArray[np.uint8]]) -> None:
        self.header = header
        self.stamp_ns, self.frame_id = decode_header(header)
        self._decode, self._lock = decode, threading.Lock()
        self._image: npt.NDArray[np.uint8] | None = None

    @property
    def image(self) -> npt.NDArray[np.uint8]:
        """(height, width, 3) RGB.

        :raises MessageError: for a message that holds no such image.
        """
        with self._lock:
            if self._image is None:
                self._image = self._decode()
            return self._image


def frame_of_image(message: Any) -> Frame:
    """The frame of a ``sensor_msgs/Image``."""
    return Frame(message.header, lambda: decode_image(message, ENCODING))


def frame_of_compressed_image(message: Any) -> Frame:
    """The frame of a ``sensor_msgs/CompressedImage``."""
    return Frame(message.header, lambda: decode_compressed_image(message, ENCODING))
