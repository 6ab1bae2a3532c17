"""The two ways that messages reach the package: over the wire to rclpy, and out of a recording read by rosbags."""

import dataclasses

import numpy as np
import pytest
from rclpy.serialization import deserialize_message, serialize_message

from dl_robotics.data.message_types import add_installed, standard_types, type_name

_TYPES = standard_types()


def _travel(message):
    """The message as a subscriber and as a reader of recordings see it."""
    name = type_name(message)
    add_installed(_TYPES, name)
    wire = serialize_message(message)
    recorded = _TYPES.deserialize_cdr(wire, name)
    received = deserialize_message(wire, type(message))
    returned = deserialize_message(bytes(_TYPES.serialize_cdr(recorded, name)), type(message))
    assert repr(returned) == repr(received)  # as text, in which one NaN is like another
    return received, recorded


def _plain(value):
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _assert_same(actual, expected, tolerance=0.0):
    actual, expected = _plain(actual), _plain(expected)
    if isinstance(expected, dict):
        assert actual.keys() == expected.keys()
        actual, expected = list(actual.values()), list(expected.values())
    if isinstance(expected, list):
        assert len(actual) == len(expected)
        for one, other in zip(actual, expected, strict=True):
            _assert_same(one, other, tolerance)
    elif isinstance(expected, np.ndarray | float):
        np.testing.assert_allclose(actual, expected, rtol=tolerance, atol=tolerance)
    else:
        assert actual == expected


@pytest.fixture(scope="session")
def travel():
    """``travel(message)``: the message as a subscriber and as a reader of recordings see it."""
    return _travel


@pytest.fixture(scope="session")
def assert_same():
    """``assert_same(actual, expected, tolerance)``: of (nested) dataclasses, tuples and arrays."""
    return _assert_same
