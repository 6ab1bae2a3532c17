"""Scans, inertial measurements and camera models."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dl_robotics.messages.camera_info import decode_camera_info, encode_camera_info, pinhole
from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.imu import Imu, decode_imu, encode_imu
from dl_robotics.messages.laser_scan import Scan, decode_scan, encode_scan

legal_ranges = st.floats(0.0, 100.0, width=32) | st.sampled_from([math.inf, -math.inf])


def make_scan(ranges=(1.0, 2.0, 3.0), **changes):
    fields = {"angle_min": -1.5, "angle_increment": 1.5, "range_min_m": 0.125, "range_max_m": 3.5, **changes}
    return Scan(stamp_ns=42, frame_id="base_scan", ranges=np.asarray(ranges, dtype=np.float32), **fields)


@settings(max_examples=30)
@given(arrays(np.float32, st.integers(1, 400), elements=legal_ranges))
def test_scans_come_back(travel, assert_same, ranges):
    scan = make_scan(ranges)
    for message in travel(encode_scan(scan)):
        assert_same(decode_scan(message), scan)


def test_the_last_ray_looks_along_angle_max():
    message = encode_scan(make_scan())
    assert (message.angle_min, message.angle_max, message.angle_increment) == (-1.5, 1.5, 1.5)


def test_the_scan_keeps_its_ranges_when_the_message_changes():
    message = encode_scan(make_scan())
    scan = decode_scan(message)
    message.ranges[0] = 9.0
    assert scan.ranges.dtype == np.float32
    assert scan.ranges.tolist() == [1.0, 2.0, 3.0]


def test_informational_values_pass():
    """REP-117: inf is no return, -inf too near; many lidars send 0 for either."""
    scan = decode_scan(encode_scan(make_scan([0.0, math.inf, -math.inf, 9.0])))
    assert scan.ranges.tolist() == [0.0, math.inf, -math.inf, 9.0]


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("angle_min", math.nan, "angle_min: expected a finite number, got nan"),
        ("angle_increment", 0.0, "angle_increment: expected a finite number but 0, got 0.0"),
        ("angle_increment", math.inf, "angle_increment: expected a finite number but 0, got inf"),
        ("range_min", -1.0, "range_min: expected a finite number >= 0, got -1.0"),
        ("range_min", math.nan, "range_min: expected a finite number >= 0, got nan"),
        ("range_max", 0.125, "range_max: expected a finite number > range_min, 0.125, got 0.125"),
        ("range_max", math.inf, "range_max: expected a finite number > range_min, 0.125, got inf"),
        ("ranges", [], "ranges: expected at least one range, got []"),
        ("ranges", [1.0] * 17 + [-0.5], "ranges[17]: expected >= 0, inf or -inf, got -0.5"),
        ("ranges", [1.0, math.nan, -2.0], "ranges[1]: expected >= 0, inf or -inf, got nan"),
    ],
)
def test_refuses_scans_that_cannot_be(travel, field, value, text):
    message = encode_scan(make_scan())
    setattr(message, field, value)
    for received in travel(message):
        with pytest.raises(MessageError) as refused:
            decode_scan(received)
        assert str(refused.value) == text


@pytest.mark.parametrize("absent", ["orientation", "angular_velocity", "linear_acceleration", None])
def test_measurements_come_back(travel, assert_same, absent):
    values = {
        "orientation": np.array([0.0, 0.6, 0.0, 0.8]),
        "angular_velocity": np.array([0.1, 0.2, 0.3]),
        "linear_acceleration": np.array([0.0, 0.0, 9.8]),
    }
    imu = Imu(6, "imu_link", **{name: None if name == absent else value for name, value in values.items()})
    for message in travel(encode_imu(imu)):
        assert_same(decode_imu(message), imu, 1e-12)


def test_an_imu_without_orientation_says_so():
    imu = Imu(6, "imu_link", None, np.zeros(3), np.zeros(3))
    assert encode_imu(imu).orientation_covariance.tolist() == [-1.0] + [0.0] * 8
    assert encode_imu(imu).angular_velocity_covariance.tolist() == [0.0] * 9


def test_an_orientation_of_length_zero_is_refused():
    message = encode_imu(Imu(6, "imu_link", None, np.zeros(3), np.zeros(3)))
    message.orientation.w = 0.0
    assert decode_imu(message).orientation is None
    message.orientation_covariance[0] = 0.0
    with pytest.raises(MessageError, match=r"^orientation: expected a quaternion of length 1"):
        decode_imu(message)


def test_camera_models_come_back(travel, assert_same):
    camera = pinhole(8, "camera_optical", 640, 480, math.radians(80.0))
    for message in travel(encode_camera_info(camera)):
        assert_same(decode_camera_info(message), camera)


def test_focal_length_of_a_quarter_turn():
    message = encode_camera_info(pinhole(0, "camera_optical", 320, 240, math.pi / 2))
    focal_length = pytest.approx(160.0)
    assert message.k.tolist() == [focal_length, 0.0, 160.0, 0.0, focal_length, 120.0, 0.0, 0.0, 1.0]
    assert message.p.tolist()[:4] == [focal_length, 0.0, 160.0, 0.0]
    assert message.r.tolist() == np.eye(3).ravel().tolist()
    assert (message.distortion_model, message.d.tolist()) == ("plumb_bob", [0.0] * 5)


@pytest.mark.parametrize(
    ("field", "index", "value", "text"),
    [
        ("k", 0, 0.0, r"k\[0\]: expected a focal length > 0 \(a calibrated camera\), got 0.0"),
        ("k", 4, -1.0, r"k\[4\]: expected a focal length > 0 \(a calibrated camera\), got -1.0"),
        ("k", 5, math.nan, r"k\[5\]: expected a finite number, got nan"),
        ("d", 2, math.inf, r"d\[2\]: expected a finite number, got inf"),
    ],
)
def test_refuses_cameras_that_cannot_be(field, index, value, text):
    message = encode_camera_info(pinhole(0, "camera_optical", 320, 240, 1.0))
    getattr(message, field)[index] = value
    with pytest.raises(MessageError, match=f"^{text}$"):
        decode_camera_info(message)


def test_refuses_a_camera_without_pixels():
    message = encode_camera_info(pinhole(0, "camera_optical", 320, 240, 1.0))
    message.height = 0
    with pytest.raises(MessageError, match=r"^height: expected > 0, got 0$"):
        decode_camera_info(message)


@pytest.mark.parametrize("fov", [0.0, -1.0, math.pi, math.nan])
def test_refuses_a_field_of_view_that_no_pinhole_has(fov):
    with pytest.raises(MessageError, match="horizontal_fov"):
        pinhole(0, "camera_optical", 320, 240, fov)
