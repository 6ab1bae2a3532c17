"""The last steps of live signals: resampled by stamp, nothing across gaps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st

from dl_robotics.sequences.window import Reading, SignalWindow

NS = 1_700_000_000_000_000_000


def reading(time_s, *values, signal=0):
    return Reading(signal, NS + round(time_s * 1e9), np.array(values or (time_s,), np.float64))


def fill(window, times_s):
    for time_s in times_s:
        window.add(reading(time_s))
    return window


def test_nothing_is_said_before_it_is_full():
    window = SignalWindow([1], 5, 10.0)
    assert window.newest_ns is None
    assert window.values(1.0) is None
    fill(window, [0.0, 0.1, 0.2, 0.3])
    assert window.values(1.0) is None
    fill(window, [0.4])
    np.testing.assert_allclose(window.values(1.0).ravel(), [0.0, 0.1, 0.2, 0.3, 0.4], atol=1e-6)


@tries(deadline=None, max_examples=25)
@given(st.integers(0, 1000), st.floats(0.0, 0.9))
def test_irregular_rates_are_resampled_to_the_time_itself(seed, jitter):
    rng = np.random.default_rng(seed)
    times = (np.arange(80) + jitter * rng.random(80)) / 33.0
    window = fill(SignalWindow([1], 10, 10.0), times)
    expected = times[-1] - np.arange(9, -1, -1) / 10.0
    np.testing.assert_allclose(window.values(0.2).ravel(), expected, atol=1e-5)


def test_a_gap_is_not_bridged_until_it_has_left_the_window():
    window = fill(SignalWindow([1], 5, 10.0), [*np.arange(0, 0.5, 0.05), *np.arange(1.0, 1.3, 0.05)])
    assert window.values(0.2) is None
    assert window.values(1.0) is not None
    fill(window, np.arange(1.3, 1.5, 0.05))
    assert window.values(0.2) is not None


def test_signals_of_several_topics_end_where_all_are_known():
    window = SignalWindow([1, 2], 3, 10.0)
    fill(window, [0.0, 0.1, 0.2, 0.3, 0.4])
    assert window.newest_ns is None
    for time_s in (0.0, 0.15, 0.3):
        window.add(reading(time_s, time_s * 10.0, -time_s, signal=1))
    assert window.newest_ns == NS + 300_000_000
    expected = [[0.1, 1.0, -0.1], [0.2, 2.0, -0.2], [0.3, 3.0, -0.3]]
    np.testing.assert_allclose(window.values(0.2), expected, atol=1e-6)


def test_what_comes_twice_or_late_is_left_out():
    window = fill(SignalWindow([1], 5, 10.0), [0.0, 0.1, 0.2])
    assert not window.add(reading(0.2, 99.0))
    assert not window.add(reading(0.05, 99.0))
    fill(window, [0.3, 0.4])
    np.testing.assert_allclose(window.values(1.0).ravel(), [0.0, 0.1, 0.2, 0.3, 0.4], atol=1e-6)


def test_time_that_jumps_back_begins_anew():
    window = fill(SignalWindow([1], 3, 10.0), [10.0, 10.1, 10.2])
    assert window.add(reading(0.0))
    assert window.values(1.0) is None
    fill(window, [0.1, 0.2])
    np.testing.assert_allclose(window.values(1.0).ravel(), [0.0, 0.1, 0.2], atol=1e-6)


def test_memory_is_bounded_by_the_window():
    window = fill(SignalWindow([1], 5, 10.0), np.arange(0.0, 100.0, 0.01))
    assert len(window._kept[0]) < 60


def test_another_number_of_fields_is_refused():
    with pytest.raises(ValueError, match="signal 0: expected 2 numbers"):
        SignalWindow([2], 5, 10.0).add(reading(0.0, 1.0))
