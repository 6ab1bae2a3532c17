"""Probabilities over time."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_robotics.ops.smoothing import Smoothed, softmax

laws = settings(max_examples=30, deadline=None)  # times of a busy machine vary
logits = st.lists(st.floats(-50.0, 50.0), min_size=3, max_size=3)


def test_a_step_comes_through_by_63_percent() -> None:
    activity = Smoothed()
    activity.add(np.array([1.0, 0.0], np.float32), 5.0, 2.0)
    activity.add(np.array([0.0, 1.0], np.float32), 7.0, 2.0)
    assert activity.value is not None
    assert activity.value.tolist() == pytest.approx([math.exp(-1.0), 1.0 - math.exp(-1.0)])


@laws
@given(st.lists(st.tuples(logits, st.floats(0.0, 5.0)), min_size=1, max_size=10), st.floats(0.0, 3.0))
def test_probabilities_stay_probabilities(values: list[tuple[list[float], float]], constant_s: float) -> None:
    activity, time_s = Smoothed(), 0.0
    for value, step_s in values:
        time_s += step_s
        activity.add(softmax(np.array(value, np.float32)), time_s, constant_s)
    assert activity.value is not None
    assert (activity.value >= 0.0).all()
    assert activity.value.sum() == pytest.approx(1.0, abs=1e-5)


@laws
@given(st.lists(st.floats(0.01, 2.0), min_size=1, max_size=8))
def test_how_often_the_same_comes_does_not_matter(steps_s: list[float]) -> None:
    often, once = Smoothed(), Smoothed()
    for activity in (often, once):
        activity.add(np.array([1.0, 0.0], np.float32), 0.0, 1.0)
    time_s = 0.0
    for step_s in steps_s:
        time_s += step_s
        often.add(np.array([0.0, 1.0], np.float32), time_s, 1.0)
    once.add(np.array([0.0, 1.0], np.float32), time_s, 1.0)
    np.testing.assert_allclose(often.value, once.value, atol=1e-5)
