"""One message of a sensor on its way through a node."""

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
from dl_robotics.pipeline import IMAGE, STAMP

ENCODING = "rgb8"  # of images inside the package


class Frame:
    """A message that is decoded once, when the first asks for it, whatever thread that is in.

    :param header: of the message; every result carries it unchanged.
    :param decode: gives the content: of an image, the (height, width, 3) RGB pixels.
    :param name: that the stages of a pipeline know the content by.
    :raises MessageError: for a stamp that cannot be.
    """

    def __init__(self, header: Header, decode: Callable[[], Any], name: str = IMAGE) -> None:
        self.header, self.name = header, name
        self.stamp_ns, self.frame_id = decode_header(header)
        self._decode, self._lock = decode, threading.Lock()
        self._content: Any = None

    @property
    def content(self) -> Any:
        """What was sensed.

        :raises MessageError: for a message that holds no such thing.
        """
        with self._lock:
            if self._content is None:
                self._content = self._decode()
            return self._content

    @property
    def image(self) -> npt.NDArray[np.uint8]:
        """(height, width, 3) RGB: the content of an image.

        :raises MessageError: for a message that holds no such image.
        """
        image: npt.NDArray[np.uint8] = self.content
        return image

    def inputs(self) -> dict[str, Any]:
        """What a pipeline is run on: the content and the stamp, by name.

        :raises MessageError: as :attr:`content` does.
        """
        return {self.name: self.content, STAMP: self.stamp_ns}


def frame_of_image(message: Any) -> Frame:
    """The frame of a ``sensor_msgs/Image``."""
    return Frame(message.header, lambda: decode_image(message, ENCODING))


def frame_of_compressed_image(message: Any) -> Frame:
    """The frame of a ``sensor_msgs/CompressedImage``."""
    return Frame(message.header, lambda: decode_compressed_image(message, ENCODING))
