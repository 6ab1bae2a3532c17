"""Poses, velocities, odometry and transforms: what is written is read, what is broken is refused by field and value."""

import math

import numpy as np
import pytest
from geometry_msgs.msg import Quaternion, TransformStamped
from hypothesis import given, settings
from hypothesis import strategies as st
from tf2_msgs.msg import TFMessage

from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.odometry import Odometry, decode_odometry, encode_odometry
from dl_robotics.messages.pose import (
    StampedPose,
    decode_pose,
    decode_pose_stamped,
    encode_pose,
    encode_pose_stamped,
)
from dl_robotics.messages.transform import TransformData, decode_tf, decode_transform, encode_tf, encode_transform
from dl_robotics.messages.twist import (
    StampedVelocity,
    Velocity,
    decode_twist,
    decode_twist_stamped,
    encode_twist,
    encode_twist_stamped,
)
from dl_robotics.messages.vectors import decode_quaternion
from dl_robotics.ops import geometry

POSE = geometry.transform((1.0, -2.0, 0.5), (0.1, -0.2, 2.0))
ODOMETRY = Odometry(5, "odom", "base_footprint", POSE, np.array([0.2, 0.0, 0.0]), np.array([0.0, 0.0, -1.5]))
TRANSFORM = TransformData(7, "map", "odom", POSE)

vectors = st.tuples(*[st.floats(-1e6, 1e6)] * 3)
angles = st.tuples(*[st.floats(-3.0, 3.0)] * 3)


@settings(max_examples=50)
@given(vectors, angles)
def test_poses_come_back(position, rpy):
    pose = geometry.transform(position, rpy)
    np.testing.assert_allclose(decode_pose(encode_pose(pose)), pose, rtol=0.0, atol=1e-12)


def test_a_quarter_turn_to_the_left():
    message = encode_pose(geometry.transform_from_planar((3.0, 4.0, math.pi / 2)))
    assert (message.position.x, message.position.y, message.position.z) == (3.0, 4.0, 0.0)
    assert message.orientation.z == pytest.approx(math.sqrt(0.5))
    assert message.orientation.w == pytest.approx(math.sqrt(0.5))


def test_stamped_poses_come_back(travel, assert_same):
    goal = StampedPose(3, "map", POSE)
    for message in travel(encode_pose_stamped(goal)):
        assert_same(decode_pose_stamped(message), goal, 1e-12)


def test_twists_come_back(travel, assert_same):
    velocity = Velocity(np.array([0.22, 0.0, 0.1]), np.array([0.0, -0.3, 2.84]))
    for message in travel(encode_twist(*velocity)):
        assert_same(decode_twist(message), velocity)
    for message in travel(encode_twist_stamped(9, "base_link", *velocity)):
        assert_same(decode_twist_stamped(message), StampedVelocity(9, "base_link", velocity))


def test_odometry_comes_back(travel, assert_same):
    for message in travel(encode_odometry(ODOMETRY)):
        assert_same(decode_odometry(message), ODOMETRY, 1e-12)


def test_transforms_come_back(travel, assert_same):
    for message in travel(encode_transform(TRANSFORM)):
        assert_same(decode_transform(message), TRANSFORM, 1e-12)
    for message in travel(encode_tf([TRANSFORM, TRANSFORM])):
        transforms, errors = decode_tf(message)
        assert_same(transforms, [TRANSFORM, TRANSFORM], 1e-12)
        assert errors == []


def test_numpy_scalars_are_written_as_floats():
    message = encode_twist(np.float32([1.5, 0.0, 0.0]), (0, 0, 1))
    assert type(message.linear.x) is float
    assert message.linear.x == 1.5
    assert message.angular.z == 1.0


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_refuses_numbers_that_are_not_finite(value):
    message = encode_odometry(ODOMETRY)
    message.twist.twist.angular.z = value
    with pytest.raises(MessageError, match=rf"^twist.twist.angular.z: expected a finite number, got {value}$"):
        decode_odometry(message)
    with pytest.raises(MessageError, match=rf"^linear.y: expected a finite number, got {value}$"):
        encode_twist((0.0, value, 0.0), (0.0, 0.0, 0.0))


@pytest.mark.parametrize(("w", "accepted"), [(0.0, False), (0.98, False), (0.991, True), (1.009, True), (1.02, False)])
def test_quaternions_have_length_one(w, accepted):
    message = Quaternion(w=w)
    if accepted:
        assert decode_quaternion(message, "rotation").tolist() == [0.0, 0.0, 0.0, 1.0]
    else:
        with pytest.raises(MessageError, match=r"^rotation: expected a quaternion of length 1, got "):
            decode_quaternion(message, "rotation")


def test_one_broken_transform_does_not_spoil_the_others(assert_same):
    broken = TransformStamped()
    broken.transform.rotation.w = 0.0
    transforms, errors = decode_tf(TFMessage(transforms=[broken, encode_transform(TRANSFORM)]))
    assert_same(transforms, [TRANSFORM], 1e-12)
    assert [error.field for error in errors] == ["transforms[0].transform.rotation"]
