"""Bags of a few labelled images, made by the package's writer."""

import numpy as np

from dl_robotics.data.labelled_topics import COMPRESSED_IMAGE, DETECTIONS, IMAGE, LABEL_INFO, SEGMENTATION
from dl_robotics.data.recordings import BagWriter
from dl_robotics.messages.compressed_image import encode_compressed_image
from dl_robotics.messages.detections import encode_detections
from dl_robotics.messages.header import encode_header
from dl_robotics.messages.image import encode_image
from dl_robotics.messages.label_info import encode_label_info
from dl_robotics.ops.detections import Detections

PERIOD_NS = 100_000_000
NAMES = {0: "background", 1: "cup", 2: "plate"}


def stamp(number):
    return 5_000_000_000 + number * PERIOD_NS


def header(number, late_ns=0):
    return encode_header(stamp(number) + late_ns, "camera")


def detections(sample, number, late_ns=0, words=None):
    marked = Detections(sample.boxes, sample.labels, np.ones(len(sample.boxes), np.float32))
    return encode_detections(marked, header(number, late_ns), words)


def picture(sample, number, codec="raw"):
    if codec == "raw":
        return encode_image(np.ascontiguousarray(sample.image[..., ::-1]), "bgr8", header(number))
    return encode_compressed_image(sample.image, "rgb8", header(number), codec)


def messages(samples, codec="raw", late_ns=0, names=NAMES):
    """Topic, message and receive time; images come half a second late, which must not matter."""
    if names:
        yield LABEL_INFO, encode_label_info(names, header(0)), stamp(0)
    for number, sample in enumerate(samples):
        topic = IMAGE if codec == "raw" else COMPRESSED_IMAGE
        yield topic, picture(sample, number, codec), stamp(number) + 500_000_000
        yield DETECTIONS, detections(sample, number, late_ns), stamp(number)
        yield SEGMENTATION, encode_image(sample.mask, "mono8", header(number, late_ns)), stamp(number)


def write(path, rows, storage="mcap"):
    with BagWriter(path, storage) as bag:
        for topic, message, received_ns in rows:
            bag.write_message(topic, message, received_ns)
    return path


def assert_equal(actual, expected, tolerance=0):
    """Of two samples: pixels within a tolerance on average, boxes, labels and mask exactly."""
    assert actual.image.shape == expected.image.shape
    assert np.abs(actual.image.astype(int) - expected.image).mean() <= tolerance
    for name in ("boxes", "labels", "mask"):
        np.testing.assert_array_equal(getattr(actual, name), getattr(expected, name), strict=True)
