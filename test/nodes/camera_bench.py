"""A node with a camera on the bench: the test sends images and looks at what comes back."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.parameter import Parameter
from rig import Rig
from sensor_msgs.msg import CompressedImage, Image

from dl_robotics.messages.diagnostics import Status, decode_diagnostics
from dl_robotics.messages.header import decode_header, encode_header
from dl_robotics.messages.image import encode_image
from dl_robotics.nodes.image_node import ImageNode

FRAME_ID = "camera_optical_frame"
PICTURE = np.random.default_rng(0).integers(256, size=(120, 160, 3), dtype=np.uint8)


class CameraBench:
    """An active node that takes images, and a camera for it."""

    def __init__(self, rig: Rig, make_node: Callable[..., ImageNode], **parameters: object) -> None:
        self.rig = rig
        self.node: ImageNode = rig.start(make_node, autostart=True, **parameters)
        rig.until(lambda: self.node.active, "the node to start")
        compressed = self.node.parameters.value.compressed
        self.camera = rig.speaker(CompressedImage, "image/compressed") if compressed else rig.speaker(Image, "image")
        self.stamp_ns = time.time_ns()

    def show(self, image: np.ndarray = PICTURE, encoding: str = "rgb8") -> tuple[int, str]:
        """Send an image; its stamp and frame."""
        self.send(self.picture(image, encoding))
        return self.stamp_ns, FRAME_ID

    def picture(self, image: np.ndarray = PICTURE, encoding: str = "rgb8") -> Image:
        """A message."""
        return encode_image(image, encoding, self.next_header())

    def send(self, message: Any) -> None:
        """Send a message and wait until the node has taken it in."""
        before = self.node.source.received
        self.camera.publish(message)
        self.rig.until(lambda: self.node.source.received > before, "the image to be taken")

    def next_header(self) -> Any:
        """A header with a stamp of its own."""
        self.stamp_ns = max(self.stamp_ns + 1, time.time_ns())
        return encode_header(self.stamp_ns, FRAME_ID)

    def ask(self, heard: list, image: np.ndarray = PICTURE, encoding: str = "rgb8") -> Any:
        """The message that answers an image, whose stamp and frame it carries."""
        asked = self.show(image, encoding)
        self.rig.until(lambda: heard and decode_header(heard[-1].header) == asked, "the answer")
        return heard[-1]

    def tell(self, **parameters: object) -> tuple[bool, str]:
        """Set parameters; whether that was accepted, and if not, why."""
        told = [Parameter(name.replace("__", "."), value=value) for name, value in parameters.items()]
        result = self.node.set_parameters_atomically(told)
        return result.successful, result.reason

    def report(self, until: Callable[[dict[str, Status]], object] = bool) -> dict[str, Status]:
        """The node's and its stages' next diagnostics by name, of which something is true."""
        heard = self.rig.hear("/diagnostics", DiagnosticArray)

        def newest() -> dict[str, Status]:
            return {status.name: status for status in decode_diagnostics(heard[-1])} if heard else {}

        self.rig.until(lambda: newest() and until(newest()), "such diagnostics")
        return newest()
