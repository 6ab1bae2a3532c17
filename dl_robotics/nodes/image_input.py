"""An image topic that a node reads: from a node in the same process, or as messages from elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from rclpy.node import Node
from sensor_msgs.msg import CompressedImage, Image

from dl_robotics.nodes.frame import Frame, frame_of_compressed_image, frame_of_image
from dl_robotics.nodes.inputs import Input
from dl_robotics.nodes.local_images import local_images

TOPIC = "image"


class ImageInput(Input[Frame]):
    """The topic ``image``, or ``image/compressed``; the newest message alone is kept for a busy node.

    :param compressed: whether the messages are ``sensor_msgs/CompressedImage``.
    """

    def __init__(self, node: Node, compressed: bool, use: Callable[[Frame], None]) -> None:
        if compressed:  # what remaps ``image`` remaps this, too, as image_transport does it
            topic = f"{node.resolve_topic_name(TOPIC)}/compressed"
            super().__init__(node, topic, CompressedImage, frame_of_compressed_image, use)
        else:
            super().__init__(node, TOPIC, Image, frame_of_image, use)
        self._take = use
        self._local = local_images(node.context)

    def open(self) -> None:
        """Take images from a source in this process if there is one, else subscribe."""
        self.close()
        if not self._local.has_source(self.topic):
            super().open()
        self._local.add_sink(self)

    def close(self) -> None:
        """Take no more images."""
        self._local.remove_sink(self)
        super().close()

    def take(self, frame: Frame) -> None:
        """Receive an image from a source in this process."""
        self.received += 1
        self._take(frame)

    def sourced(self) -> None:
        """Leave the subscription for the source in this process."""
        super().close()
