"""Numbers by the names of their fields, and what sequence models publish."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st
from nav_msgs.msg import Odometry
from sensor_msgs.msg import Imu, JointState
from std_msgs.msg import Bool, String
from tiny_series import BEGIN_NS, imu_at

from dl_robotics.messages.classification import Guess, decode_classification, encode_classification
from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.forecast import decode_anomaly, decode_forecast, encode_anomaly, encode_forecast
from dl_robotics.messages.header import encode_header
from dl_robotics.messages.message_class import MessageTypeError, message_class
from dl_robotics.messages.numeric_fields import read_field, read_numbers, read_stamp_ns

HEADER = encode_header(BEGIN_NS, "wrist")


def test_numbers_of_nested_fields_and_arrays():
    message = JointState(position=[1.0, 2.5], name=["a", "b"])
    assert read_numbers(message, ["position[1]", "header.stamp.sec"]).tolist() == [2.5, 0.0]
    assert read_numbers(imu_at(0, 3.0), ["linear_acceleration.x"]).tolist() == [3.0]
    assert read_numbers(Odometry(), ["pose.pose.orientation.w", "pose.covariance[35]"]).tolist() == [1.0, 0.0]
    assert read_numbers(Bool(data=True), ["data"]).tolist() == [1.0]
    assert read_field(String(data="walk"), "data") == "walk"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("acceleration.x", "a field of Imu"),
        ("linear_acceleration.w", "a field of Vector3"),
        ("linear_acceleration", "a finite number"),
        ("header.frame_id", "a finite number"),
        ("orientation_covariance[9]", "an array of 10 or more"),
        ("linear_acceleration[0]", "an array of 1 or more"),
        ("linear acceleration", "a field of Imu"),
        ("", "a field of Imu"),
    ],
)
def test_fields_that_are_no_numbers_are_refused_by_name(name, expected):
    with pytest.raises(MessageError) as caught:
        read_numbers(imu_at(0, 1.0), [name])
    assert (caught.value.field, caught.value.expected) == (name, expected)


@tries(deadline=None, max_examples=100)
@given(
    st.text(alphabet="abcdlxyz_.[]019 -", max_size=20) | st.from_regex(r"[a-z_]+(\[\d\])?(\.[a-z]+)?", fullmatch=True)
)
def test_no_name_whatever_breaks_the_reader(name):
    for message in (imu_at(0, 1.0), JointState(position=[1.0]), String(data="walk")):
        try:
            values = read_numbers(message, [name])
        except MessageError as error:
            assert error.field == name
        else:
            assert values.shape == (1,)


def test_numbers_have_no_places():
    with pytest.raises(MessageError, match=r"position\[0\]\[0\]: expected an array"):
        read_numbers(SimpleNamespace(position=np.array([1.0])), ["position[0][0]"])


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_numbers_that_are_not_finite_are_refused(value):
    message = Imu()
    message.linear_acceleration.x = value
    with pytest.raises(MessageError, match=r"linear_acceleration\.x: expected a finite number"):
        read_numbers(message, ["linear_acceleration.x"])


def test_stamps():
    assert read_stamp_ns(imu_at(BEGIN_NS + 5, 0.0)) == BEGIN_NS + 5
    assert read_stamp_ns(String()) is None


def test_classes_of_types():
    assert message_class("sensor_msgs/msg/Imu") is Imu
    for wrong in ("sensor_msgs/msg/Nothing", "no_such_msgs/msg/Imu", "Imu", ""):
        with pytest.raises(MessageTypeError, match="expected an installed message type"):
            message_class(wrong)


@tries(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.text(max_size=5), st.floats(0.0, 1.0)), max_size=4))
def test_guesses_come_back_in_their_order(pairs):
    guesses = tuple(Guess(word, score) for word, score in pairs)
    assert decode_classification(encode_classification(guesses, HEADER)) == (BEGIN_NS, "wrist", guesses)


@pytest.mark.parametrize("score", [-0.1, 1.1, math.nan])
def test_scores_that_are_no_probabilities_are_refused(score):
    with pytest.raises(MessageError, match=r"results\[1\].score: expected a number in \[0, 1\]"):
        encode_classification([Guess("a", 0.5), Guess("b", score)], HEADER)


def test_forecasts_come_back():
    values = np.array([[1.0, -2.0], [3.0, 4.5], [0.0, 7.0]], np.float32)
    message = encode_forecast(values, np.array([0.1, 0.2, 0.3]), ("imu.x", "imu.y"), HEADER)
    assert [field.name for field in message.fields] == ["time", "imu.x", "imu.y"]
    found = decode_forecast(message)
    assert (found.stamp_ns, found.frame_id) == (BEGIN_NS, "wrist")
    np.testing.assert_array_equal(found.values, values)
    np.testing.assert_array_equal(found.times_s, [0.1, 0.2, 0.3])
    with pytest.raises(MessageError, match="fields: expected names of their own"):
        encode_forecast(values, np.zeros(3), ("time", "x"), HEADER)


def test_anomalies_come_back():
    assert decode_anomaly(encode_anomaly(3.5, 0.999, True, HEADER)) == (BEGIN_NS, "wrist", 3.5, 0.999, True)
    with pytest.raises(MessageError, match="one field score"):
        decode_anomaly(encode_forecast(np.zeros((1, 1), np.float32), np.zeros(1), ("x",), HEADER))
    two = encode_forecast(np.zeros((2, 3), np.float32), np.zeros(2), ("score", "rank", "anomalous"), HEADER)
    with pytest.raises(MessageError, match="width: expected one point"):
        decode_anomaly(two)
