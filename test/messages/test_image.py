import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from dl_robotics.messages.encodings import find_encoding
from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.header import encode_header
from dl_robotics.messages.image import decode_image, encode_image

HEADER = encode_header(1_000_000_007, "camera_optical")
ENCODINGS = ["mono8", "rgb8", "bgr8", "rgba8", "bgra8", "mono16", "16UC1", "32FC1", "8UC1", "8UC3", "16SC2", "64FC4"]
PIXELS = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)

sides = st.integers(1, 6)


@st.composite
def images(draw):
    """An encoding and pixels in it, every bit pattern but NaN."""
    name = draw(st.sampled_from(ENCODINGS))
    layout = find_encoding(name)
    shape = (draw(sides), draw(sides)) if layout.channels == 1 else (draw(sides), draw(sides), layout.channels)
    elements = {"allow_nan": False} if layout.dtype.kind == "f" else None
    return name, draw(arrays(layout.dtype, shape, elements=elements))


def padded(image, encoding, padding, big_endian):
    """A message as a driver with aligned rows or a big-endian one would write it."""
    height, width = image.shape[:2]
    ordered = np.ascontiguousarray(image, image.dtype.newbyteorder(">" if big_endian else "<"))
    rows = ordered.view(np.uint8).reshape(height, -1)
    rows = np.hstack([rows, np.full((height, padding), 0xAB, np.uint8)])
    message = Image(header=HEADER, height=height, width=width, encoding=encoding, step=rows.shape[1])
    message.is_bigendian = int(big_endian)
    message.data.frombytes(rows.tobytes())
    return message


@settings(max_examples=60)
@given(images())
def test_images_come_back(travel, named):
    encoding, image = named
    for message in travel(encode_image(image, encoding, HEADER)):
        decoded = decode_image(message)
        assert decoded.dtype == image.dtype
        assert decoded.dtype.isnative
        np.testing.assert_array_equal(decoded, image)


@settings(max_examples=60)
@given(images(), st.integers(0, 9), st.booleans())
def test_padding_and_byte_order_make_no_difference(travel, named, padding, big_endian):
    encoding, image = named
    for message in travel(padded(image, encoding, padding, big_endian)):
        decoded = decode_image(message)
        assert decoded.dtype == image.dtype
        assert decoded.flags.c_contiguous
        assert decoded.flags.aligned
        np.testing.assert_array_equal(decoded, image)


def test_what_is_written():
    message = encode_image(PIXELS.astype(np.uint16)[..., 0] * 256, "mono16", HEADER)
    assert message.header == HEADER
    assert (message.height, message.width, message.step, message.is_bigendian) == (2, 4, 8, 0)
    assert message.data.tobytes() == bytes([0, 0, 0, 3, 0, 6, 0, 9, 0, 12, 0, 15, 0, 18, 0, 21])


def test_views_can_be_written():
    message = encode_image(PIXELS[:, ::-2], "bgr8", HEADER)
    np.testing.assert_array_equal(decode_image(message), PIXELS[:, ::-2])


def test_an_image_shares_the_message_s_memory_and_cannot_spoil_it():
    message = encode_image(PIXELS, "bgr8", HEADER)
    decoded = decode_image(message)
    assert np.shares_memory(decoded, np.frombuffer(message.data, np.uint8))
    with pytest.raises(ValueError, match="read-only"):
        decoded[0, 0, 0] = 1


def test_colours_are_converted():
    message = encode_image(PIXELS, "bgr8", HEADER)
    np.testing.assert_array_equal(decode_image(message, "rgb8"), PIXELS[..., ::-1])
    assert decode_image(message, "mono8").shape == (2, 4)
    assert decode_image(message, "bgr8") is not PIXELS


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"height": 0}, "height: expected > 0, got 0"),
        ({"width": 0}, "width: expected > 0, got 0"),
        ({"encoding": "bgr9"}, "encoding: expected a name of sensor_msgs/image_encodings, got 'bgr9'"),
        ({"step": 11}, "step: expected >= 12 bytes (4 bgr8 pixels), got 11"),
        ({"step": 13}, "data: expected 26 bytes (height * step), got 24"),
        ({"height": 3}, "data: expected 36 bytes (height * step), got 24"),
        ({"encoding": "64FC4"}, "step: expected >= 128 bytes (4 64FC4 pixels), got 12"),
    ],
)
def test_refuses_images_that_cannot_be(travel, changes, text):
    message = encode_image(PIXELS, "bgr8", HEADER)
    for field, value in changes.items():
        setattr(message, field, value)
    for received in travel(message):
        with pytest.raises(MessageError) as refused:
            decode_image(received)
        assert str(refused.value) == text


def test_an_unknown_wish_is_not_blamed_on_the_message():
    with pytest.raises(MessageError, match=r"^desired_encoding: expected a name"):
        decode_image(encode_image(PIXELS, "bgr8", HEADER), "bgr9")


@pytest.mark.parametrize(
    ("image", "encoding"),
    [
        (PIXELS, "mono8"),
        (PIXELS, "rgba8"),
        (PIXELS.astype(np.float32), "bgr8"),
        (PIXELS[..., 0].astype(">u2"), "16UC1"),
        (PIXELS[0, 0], "mono8"),
        (PIXELS[None], "bgr8"),
        (PIXELS[:0], "bgr8"),
        (PIXELS[:, :0], "bgr8"),
    ],
)
def test_refuses_to_write_what_is_not_of_the_encoding(image, encoding):
    with pytest.raises(MessageError, match=r"^image: expected .*, got "):
        encode_image(image, encoding, Header())


def test_one_channel_may_have_an_axis_of_its_own():
    message = encode_image(PIXELS[..., :1], "mono8", HEADER)
    np.testing.assert_array_equal(decode_image(message), PIXELS[..., 0])
