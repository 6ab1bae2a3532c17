"""An image topic that a node writes: straight to nodes in the same process, as messages to all others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from rclpy.node import Node
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from dl_robotics.messages.image import encode_image
from dl_robotics.nodes.frame import ENCODING, Frame
from dl_robotics.nodes.local_images import local_images
from dl_robotics.nodes.outputs import IMAGES, Output


class ImageOutput:
    """A topic of colour images.

    :param topic: its name in the node, remappable.
    """

    def __init__(self, node: Node, topic: str) -> None:
        self.output = Output(node, topic, Image, encode_image, IMAGES)
        self.topic = node.resolve_topic_name(topic)
        self._local = local_images(node.context)
        self._local.add_source(self)

    @property
    def wanted(self) -> bool:
        """Whether somebody takes the images."""
        return bool(self._local.sinks(self.topic)) or self.output.wanted

    def __call__(self, image: npt.NDArray[np.uint8], header: Header) -> None:
        """Send an image.

        :param image: (height, width, 3) RGB; nobody may change it any more.
        """
        for sink in self._local.sinks(self.topic):
            sink.take(Frame(header, lambda: image))
        self.output(image, ENCODING, header)
