"""Labelled images from any source into a bag."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from std_msgs.msg import Header

from dl_robotics.data.labelled_topics import COMPRESSED_IMAGE, DETECTIONS, IMAGE, LABEL_INFO, SEGMENTATION
from dl_robotics.data.recordings import BagWriter, Storage
from dl_robotics.data.sample import LabelledImages, Sample
from dl_robotics.messages.compressed_image import encode_compressed_image
from dl_robotics.messages.detections import encode_detections
from dl_robotics.messages.header import encode_header
from dl_robotics.messages.image import encode_image
from dl_robotics.messages.label_info import encode_label_info
from dl_robotics.ops.detections import Detections

Codec: TypeAlias = Literal["raw", "png", "jpeg"]

PERIOD_NS = 100_000_000
FIRST_NS = 1_000_000_000  # a stamp of 0 means "none" to many tools


def write_bag(samples: LabelledImages, path: Path, codec: Codec = "png", storage: Storage = "mcap") -> None:
    """Write a bag: images, their boxes and masks, and the class names; one image each tenth of a second.

    :param codec: how images are stored.
    :raises RecordingError: if the bag exists.
    """
    with BagWriter(path, storage) as bag:
        names = encode_label_info(samples.classes, encode_header(FIRST_NS, ""))
        bag.write_message(LABEL_INFO, names, FIRST_NS, latched=True)
        for number in range(len(samples)):
            stamp_ns = FIRST_NS + number * PERIOD_NS
            for topic, message in _messages(samples[number], encode_header(stamp_ns, "camera"), codec).items():
                bag.write_message(topic, message, stamp_ns)


def _messages(sample: Sample, header: Header, codec: Codec) -> dict[str, Any]:
    messages: dict[str, Any] = {}
    if codec == "raw":
        messages[IMAGE] = encode_image(sample.image, "rgb8", header)
    else:
        messages[COMPRESSED_IMAGE] = encode_compressed_image(sample.image, "rgb8", header, codec)
    if sample.boxes is not None and sample.labels is not None:
        marked = Detections(sample.boxes, sample.labels, np.ones(len(sample.boxes), np.float32))
        messages[DETECTIONS] = encode_detections(marked, header)
    if sample.mask is not None:
        messages[SEGMENTATION] = encode_image(sample.mask, "mono8", header)
    return messages
