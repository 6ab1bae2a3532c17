"""The conversions of cv_bridge; the numbers are what cv_bridge 1.16.2 with OpenCV 4.6 returns for these pixels."""

import math

import cv2
import numpy as np
import pytest

from dl_robotics.messages.encodings import convert, find_encoding
from dl_robotics.messages.errors import MessageError

COLOUR = ["mono8", "mono16", *(f"{name}{bits}" for name in ("rgb", "bgr", "rgba", "bgra") for bits in (8, 16))]
BAYER = [f"bayer_{pattern}{bits}" for pattern in ("rggb", "bggr", "gbrg", "grbg") for bits in (8, 16)]
YUV = ["yuv422", "yuv422_yuy2", "uyvy", "yuyv"]
ABSTRACT = [f"{depth}C{n}" for depth in ("8U", "8S", "16U", "16S", "32S", "32F", "64F") for n in (1, 2, 3, 4)]

PIXELS = [[[10, 20, 30], [200, 100, 0]]]
PIXELS16 = [[[2670, 5240, 7810], [51500, 25800, 100]]]
MOSAIC = [[0, 10, 20, 30], [40, 50, 60, 70], [80, 90, 100, 110], [120, 130, 140, 150]]
DEPTHS = [[-3.0, 0.5, 1.5, 2.5, 70000.0, math.inf, -math.inf, math.nan]]


def blank(name):
    encoding = find_encoding(name)
    return np.zeros((2, 4) if encoding.channels == 1 else (2, 4, encoding.channels), encoding.dtype)


@pytest.mark.parametrize(
    ("name", "dtype", "channels"),
    [
        ("mono8", np.uint8, 1),
        ("rgb8", np.uint8, 3),
        ("bgra8", np.uint8, 4),
        ("mono16", np.uint16, 1),
        ("rgba16", np.uint16, 4),
        ("bayer_grbg16", np.uint16, 1),
        ("yuv422", np.uint8, 2),
        ("8UC1", np.uint8, 1),
        ("8SC2", np.int8, 2),
        ("16UC1", np.uint16, 1),
        ("16SC4", np.int16, 4),
        ("32SC1", np.int32, 1),
        ("32FC1", np.float32, 1),
        ("64FC3", np.float64, 3),
        ("8UC12", np.uint8, 12),
        ("32F", np.float32, 1),
    ],
)
def test_layouts(name, dtype, channels):
    encoding = find_encoding(name)
    assert (encoding.dtype, encoding.channels) == (np.dtype(dtype), channels)


@pytest.mark.parametrize("name", ["", "RGB8", "rgb", "8UC0", "8UC", "8UC9999", "32UC1", "bgr8 ", "nv21", "jpeg"])
def test_unknown_names_are_refused(name):
    with pytest.raises(MessageError) as refused:
        find_encoding(name)
    assert str(refused.value) == f"encoding: expected a name of sensor_msgs/image_encodings, got {name!r}"


@pytest.mark.parametrize(
    ("source", "target", "image", "expected"),
    [
        ("bgr8", "mono8", PIXELS, [[22, 81]]),
        ("rgb8", "mono8", PIXELS, [[18, 119]]),
        ("bgr8", "rgba8", PIXELS, [[[30, 20, 10, 255], [0, 100, 200, 255]]]),
        ("bgr8", "bgr16", PIXELS, [[[2570, 5140, 7710], [51400, 25700, 0]]]),
        ("bgr8", "mono16", PIXELS, [[5654, 20817]]),
        ("bgr16", "mono8", PIXELS16, [[22, 82]]),
        ("bgr16", "mono16", PIXELS16, [[5716, 21045]]),
        ("bgr16", "rgb8", PIXELS16, [[[30, 20, 10], [0, 100, 200]]]),
        ("mono16", "mono8", [[0, 128, 129, 257, 32768, 65535]], [[0, 0, 1, 1, 128, 255]]),
        ("mono8", "16UC1", [[1, 200]], [[257, 51400]]),
        ("32FC1", "16UC1", DEPTHS, [[0, 0, 2, 2, 65535, 0, 0, 0]]),
        ("32FC1", "8UC1", DEPTHS, [[0, 0, 2, 2, 255, 0, 0, 0]]),
        ("32FC1", "32SC1", DEPTHS, [[-3, 0, 2, 2, 70000, -(2**31), -(2**31), -(2**31)]]),
        ("8SC1", "16UC1", [[-1, 100, -128]], [[0, 25700, 0]]),
        ("16SC1", "8UC1", [[-1, 1000, 300]], [[0, 4, 1]]),
        ("yuv422", "bgr8", [[[128, 50], [128, 200]]], [[[40, 40, 40], [214, 214, 214]]]),
        ("yuv422", "mono8", [[[128, 50], [128, 200]]], [[50, 200]]),
        ("bayer_rggb8", "mono8", MOSAIC, [[50, 50, 60, 60]] * 2 + [[90, 90, 100, 100]] * 2),
    ],
)
def test_conversions_are_those_of_cv_bridge(source, target, image, expected):
    layout = find_encoding(target)
    converted = convert(np.array(image, find_encoding(source).dtype), find_encoding(source), layout)
    assert converted.dtype == layout.dtype
    assert converted.tolist() == expected


@pytest.mark.parametrize("shape", [(4, 1), (1, 4), (1, 1), (3, 5)])
@pytest.mark.parametrize(
    ("source", "target"), [("64FC1", "32FC1"), ("64FC4", "32FC4"), ("8UC3", "32FC3"), ("8UC999", "32FC999")]
)
def test_every_pixel_of_every_shape_changes_its_depth(source, target, shape):
    """OpenCV takes a 4x1 image of doubles for a factor per channel."""
    layout = find_encoding(source)
    full = shape if layout.channels == 1 else (*shape, layout.channels)
    image = np.resize(np.arange(1, 101), full).astype(layout.dtype)
    converted = convert(image, layout, find_encoding(target))
    assert converted.dtype == np.float32
    assert converted.tolist() == image.tolist()


@pytest.mark.parametrize("source", COLOUR + BAYER + YUV + ABSTRACT)
def test_what_cv_bridge_refuses_is_refused(source):
    accepted = {target for target in COLOUR + BAYER + YUV + ABSTRACT if _accepts(source, target)}
    channels = find_encoding(source).channels
    expected = {source} | {name for name in ABSTRACT if find_encoding(name).channels == channels}
    if source not in ABSTRACT:
        expected |= set(COLOUR)
    if source in BAYER:
        expected -= {name for name in COLOUR if find_encoding(name).channels == 4}
    if source in YUV:
        expected |= {name for name in YUV if find_encoding(name).colour == find_encoding(source).colour}
    assert accepted == expected


def test_a_refused_conversion_names_both_encodings():
    with pytest.raises(MessageError, match=r"^encoding: expected one that converts to bgr8, got '8UC3'$"):
        convert(blank("8UC3"), find_encoding("8UC3"), find_encoding("bgr8"))


def test_an_odd_width_has_no_chroma_for_its_last_pixel():
    with pytest.raises(MessageError, match=r"^width: expected an even number for yuv422, got 3$"):
        convert(blank("yuv422")[:, :3], find_encoding("yuv422"), find_encoding("bgr8"))


def test_there_and_back_loses_nothing():
    image = np.random.default_rng(0).integers(0, 256, (5, 7, 3), np.uint8)
    for other in ("rgb8", "rgba8", "bgra8", "rgb16", "bgr16", "rgba16", "bgra16"):
        there = convert(image, find_encoding("bgr8"), find_encoding(other))
        np.testing.assert_array_equal(convert(there, find_encoding(other), find_encoding("bgr8")), image)


def test_a_working_cv_bridge_agrees():
    reason = "no cv_bridge that works with this NumPy and OpenCV"
    bridge = pytest.importorskip("cv_bridge.boost.cv_bridge_boost", reason=reason, exc_type=ImportError)
    rng = np.random.default_rng(1)
    for source in COLOUR + ABSTRACT:
        image = rng.integers(0, 128, blank(source).shape).astype(find_encoding(source).dtype)
        for target in COLOUR + ABSTRACT:
            if _accepts(source, target):
                theirs = np.reshape(bridge.cvtColor2(image, source, target), blank(target).shape)
                np.testing.assert_array_equal(convert(image, find_encoding(source), find_encoding(target)), theirs)
            else:
                with pytest.raises(RuntimeError):
                    bridge.cvtColor2(image, source, target)


def test_opencv_is_given_the_colours_by_their_names():
    image = np.array(PIXELS, np.uint8)
    converted = convert(image, find_encoding("rgb8"), find_encoding("bgra8"))
    np.testing.assert_array_equal(converted, cv2.cvtColor(image, cv2.COLOR_RGB2BGRA))


def _accepts(source, target):
    try:
        convert(blank(source), find_encoding(source), find_encoding(target))
    except MessageError:
        return False
    return True
