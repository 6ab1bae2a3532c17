import cv2
import numpy as np
import pytest
from sensor_msgs.msg import CompressedImage

from dl_robotics.messages.compressed_image import decode_compressed_image, encode_compressed_image
from dl_robotics.messages.encodings import convert, find_encoding
from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.header import encode_header

HEADER = encode_header(3, "camera_optical")
RNG = np.random.default_rng(0)
COLOURS = RNG.integers(0, 256, (12, 16, 3), np.uint8)
ROWS, COLUMNS = np.mgrid[:48, :64]
SMOOTH = np.stack([COLUMNS, ROWS, np.full((48, 64), 90)], axis=-1).astype(np.uint8)


@pytest.mark.parametrize("encoding", ["mono8", "bgr8", "rgb8", "bgra8", "rgba8", "mono16", "bgr16", "rgb16", "rgba16"])
def test_png_keeps_every_bit(travel, encoding):
    layout = find_encoding(encoding)
    image = RNG.integers(0, np.iinfo(layout.dtype).max, (5, 7, layout.channels), layout.dtype, endpoint=True)
    for message in travel(encode_compressed_image(image, encoding, HEADER, "png")):
        decoded = decode_compressed_image(message, encoding)
        assert decoded.dtype == layout.dtype
        np.testing.assert_array_equal(decoded, image.squeeze())


@pytest.mark.parametrize("encoding", ["mono8", "bgr8", "rgb8", "rgba8"])
def test_jpeg_comes_close(travel, encoding):
    image = convert(SMOOTH, find_encoding("bgr8"), find_encoding(encoding))
    for message in travel(encode_compressed_image(image, encoding, HEADER)):
        difference = decode_compressed_image(message, encoding).astype(int) - image
        assert np.abs(difference).max() <= 8


def test_what_is_written():
    """As the comment of CompressedImage.msg lays down."""
    assert encode_compressed_image(COLOURS, "rgb8", HEADER).format == "rgb8; jpeg compressed bgr8"
    assert encode_compressed_image(COLOURS[..., 0], "mono8", HEADER, "png").format == "mono8; png compressed"
    assert encode_compressed_image(COLOURS, "bgr8", HEADER).header == HEADER


def test_passthrough_is_blue_first():
    message = encode_compressed_image(COLOURS, "rgb8", HEADER, "png")
    np.testing.assert_array_equal(decode_compressed_image(message), COLOURS[..., ::-1])


def test_a_picture_stored_red_first():
    """The transport may hand red, green, blue to a codec that takes them for blue, green, red, and says so."""
    message = CompressedImage(format="rgb8; png compressed rgb8")
    message.data.frombytes(cv2.imencode(".png", COLOURS)[1])
    np.testing.assert_array_equal(decode_compressed_image(message, "rgb8"), COLOURS)
    np.testing.assert_array_equal(decode_compressed_image(message), COLOURS[..., ::-1])


@pytest.mark.parametrize("name", ["", "jpeg", "png", "whatever"])
def test_other_formats_are_taken_for_pictures_blue_first(name):
    message = CompressedImage(format=name)
    message.data.frombytes(cv2.imencode(".png", COLOURS)[1])
    np.testing.assert_array_equal(decode_compressed_image(message), COLOURS)


def test_quality_trades_size():
    sizes = [len(encode_compressed_image(COLOURS, "bgr8", HEADER, jpeg_quality=q).data) for q in (10, 50, 95)]
    assert sizes == sorted(set(sizes))


def test_refuses_what_is_no_picture():
    message = CompressedImage(format="jpeg")
    with pytest.raises(MessageError, match=r"^data: expected a JPEG or PNG picture, got b''$"):
        decode_compressed_image(message)
    message.data.frombytes(b"GIF89a and more")
    with pytest.raises(MessageError, match=r"^data: expected a JPEG or PNG picture, got b'GIF89a a'$"):
        decode_compressed_image(message)


def test_refuses_a_picture_larger_than_opencv_allows():
    message = encode_compressed_image(COLOURS, "bgr8", HEADER, "png")
    width = bytes(message.data).index(b"IHDR") + 4
    message.data[width : width + 8] = type(message.data)("B", b"\x00\x7f\xff\xff" * 2)
    with pytest.raises(MessageError, match="expected a JPEG or PNG picture"):
        decode_compressed_image(message)


def test_refuses_depth_transport_by_name():
    message = CompressedImage(format="16UC1; compressedDepth png", data=[0] * 20)
    with pytest.raises(MessageError, match=r"^format: expected a codec of compressed_image_transport, got '16UC1; com"):
        decode_compressed_image(message)


def test_refuses_pixels_of_unnamed_meaning():
    with pytest.raises(MessageError, match=r"^encoding: expected one that names its colours, got '8UC3'$"):
        encode_compressed_image(COLOURS, "8UC3", HEADER)


def test_refuses_a_picture_that_jpeg_cannot_hold():
    with pytest.raises(MessageError, match=r"^image: expected a size that jpeg can store, got \(1, 70000\)$"):
        encode_compressed_image(np.zeros((1, 70_000), np.uint8), "mono8", HEADER)
