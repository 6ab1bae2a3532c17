"""Offsets against numbers worked out by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dl_robotics.detection.coder import decode, encode

PRIOR = np.array([[50.0, 40.0, 20.0, 10.0]], np.float32)  # centre x, centre y, width, height


def test_known_offsets():
    box = np.array([[42.0, 35.0, 62.0, 55.0]], np.float32)  # centre 52, 45; 20 wide, 20 high
    assert encode(box, PRIOR)[0].tolist() == pytest.approx([10 * 2 / 20, 10 * 5 / 10, 0.0, 5 * math.log(2)])


def test_no_offset_is_the_prior():
    assert decode(np.zeros((1, 4), np.float32), PRIOR).tolist() == [[40, 35, 60, 45]]


def test_sides_stay_finite():
    box = decode(np.array([[0, 0, 1e6, 1e6]], np.float32), PRIOR)
    assert (box[:, 2:] - box[:, :2])[0].tolist() == pytest.approx([20 * 62.5, 10 * 62.5])


@given(st.tuples(*[st.floats(-200, 200)] * 2, *[st.floats(1, 300)] * 2))
def test_round_trip(drawn):
    left, top, width, height = drawn
    box = np.array([[left, top, left + width, top + height]], np.float32)
    np.testing.assert_allclose(decode(encode(box, PRIOR), PRIOR), box, atol=1e-2)
