"""What a simulated camera publishes: pictures, distances and ground truth, drawn only for those who read them."""

from __future__ import annotations

from typing import Any

from rclpy.node import Node
from sensor_msgs.msg import CameraInfo, Image
from vision_msgs.msg import Detection2DArray, LabelInfo

from dl_robotics.messages.camera_info import encode_camera_info
from dl_robotics.messages.detections import encode_detections
from dl_robotics.messages.image import encode_image
from dl_robotics.messages.label_info import encode_label_info
from dl_robotics.nodes.image_output import ImageOutput
from dl_robotics.nodes.outputs import IMAGES, LATCHED, Output
from dl_robotics.nodes.robot_sensors import CameraSensor
from dl_robotics.sim.labels import BoxRule, ClassList, GroundTruth


class CameraTopics:
    """The topics of one camera; whatever is sent in one call shows the same instant and carries the same header.

    Image, depth and labels are reliable, with room for five. ``failure`` is why nothing can be drawn; ``camera``, which
    draws, may be exchanged.

    :param prefix: of the topics' names.
    :param classes: names of the world's labels.
    """

    def __init__(self, node: Node, prefix: str, camera: CameraSensor, classes: ClassList) -> None:
        self._node, self.camera, self._things = node, camera, len(classes.things)
        self.failure = ""
        self._info = Output(node, f"{prefix}camera_info", CameraInfo, encode_camera_info)
        self._image = ImageOutput(node, f"{prefix}image")
        self._depth = _as_it_is(node, f"{prefix}depth", Image)
        self._boxes = _as_it_is(node, f"~/{prefix}labels/detections", Detection2DArray)
        self._mask = _as_it_is(node, f"~/{prefix}labels/segmentation", Image)
        self._names = Output(node, f"~/{prefix}labels/label_info", LabelInfo, encode_label_info, LATCHED)
        self._names(classes.names, camera.header(0))

    def __call__(self, stamp_ns: int) -> None:
        """Send what somebody reads."""
        if self._info.wanted:
            self._info(self.camera.model(stamp_ns))
        if self.failure:
            return
        try:
            self._send(stamp_ns)
        except RuntimeError as error:  # no OpenGL: everything else goes on
            self.failure = str(error)
            self._node.get_logger().error(f"{self._image.topic}: {error}")

    def _send(self, stamp_ns: int) -> None:
        if self._image.wanted:
            self._image(self.camera.picture(), self.camera.header(stamp_ns))
        if self._depth.wanted:
            self._depth(self.camera.depth(stamp_ns))
        if self._boxes.wanted or self._mask.wanted:
            self._send_labels(stamp_ns, self.camera.truth(self._things, BoxRule()))

    def _send_labels(self, stamp_ns: int, truth: GroundTruth) -> None:
        header = self.camera.header(stamp_ns)
        if self._boxes.wanted:
            self._boxes(encode_detections(truth.detections, header))
        if self._mask.wanted:
            self._mask(encode_image(truth.mask, "mono8", header))


def _as_it_is(node: Node, topic: str, message_type: type[Any]) -> Output[[Any]]:
    """An output of messages that are built outside, since several outputs share what they are built from."""
    return Output(node, topic, message_type, _same, IMAGES)


def _same(message: Any) -> Any:
    return message
