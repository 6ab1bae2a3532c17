"""Forecasts without learning, and the season they need."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st
from tiny_series import settings

from dl_robotics.data.series.series import Series, Signals
from dl_robotics.sequences.baselines import baselines, find_period, moving_average, naive, seasonal

HISTORY = np.array([[1.0], [2.0], [3.0], [6.0]], np.float32)
SIGNALS = Signals(("a",), (), 1.0)


def series(values):
    return Series(np.asarray(values, np.float32).reshape(len(values), -1), -1, "here", SIGNALS)


def test_worked_examples():
    assert naive(HISTORY, 3).ravel().tolist() == [6.0, 6.0, 6.0]
    assert moving_average(HISTORY, 2, 3).ravel().tolist() == pytest.approx([11 / 3, 11 / 3])
    assert seasonal(HISTORY, 5, 3).ravel().tolist() == [2.0, 3.0, 6.0, 2.0, 3.0]


def test_a_season_is_foretold_without_error():
    wave = np.tile([0.0, 2.0, 5.0, 1.0], 6).astype(np.float32)[:, None]
    np.testing.assert_array_equal(seasonal(wave[:16], 8, 4), wave[16:24])


@tries(deadline=None, max_examples=25)
@given(st.integers(3, 20), st.floats(0.0, 6.0))
def test_the_period_of_a_wave_is_found(period, phase):
    wave = np.sin(2.0 * np.pi * np.arange(120) / period + phase)
    assert find_period([series(wave)], 40) % period in (0, 1, period - 1)


def test_what_has_no_season_has_the_period_of_the_naive_forecast():
    assert find_period([series(np.zeros(30))], 10) == 1
    assert find_period([series(np.arange(30.0))], 8) == 1


def test_all_are_told_for_the_models_horizon():
    told = baselines(settings(goal="forecast", horizon=5))
    values = np.random.default_rng(0).normal(size=(12, 2)).astype(np.float32)
    assert {name: tell(values).shape for name, tell in told.items()} == {
        "naive": (5, 2),
        "moving_average": (5, 2),
        "seasonal": (5, 2),
    }
