"""A labelled frame of the simulator as the messages of a bag."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from std_msgs.msg import Header

from dl_robotics.data.labelled_topics import COMPRESSED_IMAGE, DETECTIONS, IMAGE, SEGMENTATION
from dl_robotics.messages.camera_info import encode_camera_info, pinhole
from dl_robotics.messages.compressed_image import encode_compressed_image
from dl_robotics.messages.detections import encode_detections
from dl_robotics.messages.header import encode_header
from dl_robotics.messages.image import encode_image
from dl_robotics.messages.label_info import encode_label_info
from dl_robotics.sim.labels import ClassList
from dl_robotics.sim.scenes.frames import LabelledFrame

ImageCodec = Literal["raw", "jpeg", "png"]
CAMERA_INFO = "/camera_info"
FRAME_ID = "camera_link_optical_frame"


def frame_messages(frame: LabelledFrame, stamp_ns: int, codec: ImageCodec) -> dict[str, Any]:
    """Messages by topic, all with one header."""
    header = encode_header(stamp_ns, FRAME_ID)
    height, width = frame.mask.shape
    camera = pinhole(stamp_ns, FRAME_ID, width, height, frame.horizontal_fov)
    return image_messages(frame.image, header, codec) | {
        CAMERA_INFO: encode_camera_info(camera),
        DETECTIONS: encode_detections(frame.detections, header),
        SEGMENTATION: encode_image(frame.mask, "mono8", header),
    }


def names_message(classes: ClassList, stamp_ns: int) -> Any:
    """The names of the class ids, to stand before the first frame."""
    return encode_label_info(classes.names, encode_header(stamp_ns, FRAME_ID))


def image_messages(image: npt.NDArray[np.uint8], header: Header, codec: ImageCodec) -> dict[str, Any]:
    """An image by its topic.

    :param image: (height, width, 3) uint8, red first.
    """
    if codec == "raw":
        return {IMAGE: encode_image(image, "rgb8", header)}
    return {COMPRESSED_IMAGE: encode_compressed_image(image, "rgb8", header, codec)}
