"""Whatever a publisher puts into a message, a decoder returns or raises MessageError, never anything else."""

import array
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_robotics.messages.camera_info import decode_camera_info, encode_camera_info, pinhole
from dl_robotics.messages.classification import Guess, decode_classification, encode_classification
from dl_robotics.messages.clock import decode_clock, encode_clock
from dl_robotics.messages.compressed_image import decode_compressed_image, encode_compressed_image
from dl_robotics.messages.contacts import StampedContacts, decode_contacts, encode_contacts
from dl_robotics.messages.detections import decode_detections, encode_detections
from dl_robotics.messages.diagnostics import Level, Status, decode_diagnostics, encode_diagnostics
from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.forecast import decode_anomaly, decode_forecast, encode_anomaly, encode_forecast
from dl_robotics.messages.header import encode_header
from dl_robotics.messages.image import decode_image, encode_image
from dl_robotics.messages.imu import Imu, decode_imu, encode_imu
from dl_robotics.messages.label_info import decode_label_info, encode_label_info
from dl_robotics.messages.laser_scan import Scan, decode_scan, encode_scan
from dl_robotics.messages.odometry import Odometry, decode_odometry, encode_odometry
from dl_robotics.messages.pose import StampedPose, decode_pose_stamped, encode_pose_stamped
from dl_robotics.messages.skeletons import decode_skeletons, encode_skeletons
from dl_robotics.messages.transform import TransformData, decode_tf, encode_tf
from dl_robotics.messages.twist import decode_twist_stamped, encode_twist_stamped
from dl_robotics.ops.contacts import Contact
from dl_robotics.ops.detections import Detections
from dl_robotics.ops.skeletons import Skeletons

HEADER = encode_header(7, "frame")
POSE = np.eye(4)
ONES = np.ones(3)
PIXELS = np.arange(96, dtype=np.uint8).reshape(4, 8, 3)
OBJECTS = Detections(np.array([[1, 2, 3, 4], [2, 3, 8, 9]], np.float32), np.array([1, 2]), np.ones(2, np.float32))
PEOPLE = Skeletons(np.ones((2, 3, 3), np.float32), np.ones((2, 3), np.float32), np.array([4, 5]))
TOUCHED = Contact("robot::base::body", "wall::link::side", np.ones((2, 3)), np.ones((2, 3)), np.ones(2))
ENCODINGS = ["mono8", "mono16", "bgr8", "rgba16", "bayer_rggb8", "yuv422", "8UC1", "16SC3", "32FC1", "64FC4", "8UC99"]

MESSAGES = {
    "image": (lambda: encode_image(PIXELS, "bgr8", HEADER), decode_image),
    "image to grey": (lambda: encode_image(PIXELS, "bgr8", HEADER), lambda m: decode_image(m, "mono8")),
    "picture": (lambda: encode_compressed_image(PIXELS, "bgr8", HEADER), decode_compressed_image),
    "scan": (lambda: encode_scan(Scan(7, "lidar", 0.0, 0.5, 0.1, 3.5, np.ones(8, np.float32))), decode_scan),
    "odometry": (lambda: encode_odometry(Odometry(7, "odom", "base", POSE, ONES, ONES)), decode_odometry),
    "imu": (lambda: encode_imu(Imu(7, "imu", None, ONES, ONES)), decode_imu),
    "twist": (lambda: encode_twist_stamped(7, "base", ONES, ONES), decode_twist_stamped),
    "camera": (lambda: encode_camera_info(pinhole(7, "camera", 8, 4, 1.0)), decode_camera_info),
    "goal": (lambda: encode_pose_stamped(StampedPose(7, "map", POSE)), decode_pose_stamped),
    "tf": (lambda: encode_tf([TransformData(7, "map", "odom", POSE)]), decode_tf),
    "contacts": (lambda: encode_contacts(StampedContacts(7, "world", (TOUCHED, TOUCHED))), decode_contacts),
    "clock": (lambda: encode_clock(7), decode_clock),
    "detections": (lambda: encode_detections(OBJECTS, HEADER), decode_detections),
    "skeletons": (lambda: encode_skeletons(PEOPLE, HEADER), decode_skeletons),
    "activity": (lambda: encode_classification([Guess("1", 0.75), Guess("2", 0.25)], HEADER), decode_classification),
    "forecast": (lambda: encode_forecast(np.ones((2, 1), np.float32), np.ones(2), ["x"], HEADER), decode_forecast),
    "anomaly": (lambda: encode_anomaly(1.5, 0.75, False, HEADER), decode_anomaly),
    "label names": (lambda: encode_label_info(["background", "cup"], HEADER), decode_label_info),
    "health": (lambda: encode_diagnostics(7, [Status(Level.OK, "a", "b", values={"c": 1})]), decode_diagnostics),
}

INTEGER = re.compile(r"(u?)int(8|16|32|64)")
# Generated setters refuse the largest 32 bit number itself: they compare with its first ten digits.
FLOATS = st.floats(width=32).filter(lambda value: not 3.4e38 < abs(value) < np.inf)
VALUES = {
    "float": FLOATS,
    "double": st.floats(),
    "string": st.text(max_size=8) | st.sampled_from(ENCODINGS),
    "octet": st.binary(min_size=1, max_size=1),
    "boolean": st.booleans(),
    "sequence<uint8>": st.binary(max_size=128).map(lambda data: array.array("B", data)),
    "sequence<float>": st.lists(FLOATS, max_size=9).map(lambda data: array.array("f", data)),
    "sequence<double>": st.lists(st.floats(), max_size=9).map(lambda data: array.array("d", data)),
    **{f"double[{n}]": st.lists(st.floats(), min_size=n, max_size=n).map(np.array) for n in (9, 12, 36)},
}


def values(field_type):
    """Every value that a field may legally have; small numbers are the likelier ones."""
    match = INTEGER.fullmatch(field_type)
    if match is None:
        return VALUES[field_type]
    bits = int(match[2])
    low, high = (0, 2**bits - 1) if match[1] else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    return st.integers(max(low, -9), min(high, 99)) | st.integers(low, high)


def leaves(message):
    """Every plain field of a message: its owner, its name and its type."""
    for name, field_type in message.get_fields_and_field_types().items():
        value = getattr(message, name)
        for inner in value if isinstance(value, list) else [value]:
            if hasattr(inner, "get_fields_and_field_types"):
                yield from leaves(inner)
            else:
                yield message, name, field_type


@pytest.mark.parametrize("kind", MESSAGES)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_decodes_or_raises_message_error(travel, kind, data):
    make, decode = MESSAGES[kind]
    message = make()
    for _ in range(data.draw(st.integers(1, 4))):
        owner, name, field_type = data.draw(st.sampled_from(list(leaves(message))))
        setattr(owner, name, data.draw(values(field_type)))
    # Contacts without depths cannot be recorded: rosbags does not pad empty lists of doubles as Fast CDR does.
    recordable = kind != "contacts" or all(len(contact.depths) for contact in message.contacts)
    for received in travel(message) if recordable else [message]:
        try:
            decode(received)
        except MessageError as refused:
            assert refused.field in str(refused)


@settings(max_examples=100, deadline=None)
@given(st.data(), st.sampled_from(ENCODINGS), st.sampled_from(ENCODINGS), st.integers(1, 5), st.integers(1, 5))
def test_images_of_all_sizes_convert_or_are_refused(data, encoding, desired, height, width):
    message = encode_image(PIXELS, "bgr8", HEADER)
    message.encoding, message.height, message.width = encoding, height, width
    message.step = data.draw(st.integers(1, 40))
    size = height * message.step
    message.data = array.array("B", data.draw(st.binary(min_size=size, max_size=size)))
    message.is_bigendian = data.draw(st.sampled_from([0, 1]))
    try:
        image = decode_image(message, desired)
    except MessageError:
        return
    assert image.shape[:2] == (height, width)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["jpeg", "png"]), st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=6))
def test_damaged_pictures_are_decoded_or_refused(codec, damages):
    message = encode_compressed_image(PIXELS, "bgr8", HEADER, codec)
    for position, value in damages:
        message.data[position % len(message.data)] = value
    try:
        image = decode_compressed_image(message, "bgr8")
    except MessageError:
        return
    assert image.dtype == np.uint8
