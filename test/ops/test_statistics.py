"""Intervals and tests beside worked examples."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dl_robotics.ops.statistics import bootstrap_mean, mcnemar, wilson


def test_wilson_gives_the_formulas_bounds():
    k, n, z = 81, 263, 1.959964
    middle, half = (k + z**2 / 2) / (n + z**2), z / (n + z**2) * math.sqrt(k * (n - k) / n + z**2 / 4)
    assert wilson(k, n) == pytest.approx((k / n, middle - half, middle + half), abs=1e-6)
    assert wilson(k, n)[1:] == pytest.approx((0.2553, 0.3662), abs=1e-4)  # Newcombe 1998, table I, method 3


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_rate_within_0_and_1(case):
    rate = wilson(*case)
    assert 0.0 <= rate.low <= rate.value + 1e-12 and rate.value - 1e-12 <= rate.high <= 1.0
    assert rate.low < rate.high


def test_nothing_tried_is_unknown():
    assert np.isnan(wilson(0, 0)).all()
    assert np.isnan(bootstrap_mean(np.empty(0))).all()


def test_mcnemar_is_the_two_sided_binomial_test():
    assert mcnemar(1, 9) == pytest.approx(2 * (1 + 10) / 2**10)
    assert mcnemar(9, 1) == mcnemar(1, 9)
    assert mcnemar(4, 4) == 1.0
    assert mcnemar(0, 0) == 1.0


def test_bootstrap_interval_is_about_as_wide_as_the_normal_one():
    values = np.random.default_rng(0).normal(3.0, 2.0, 400)
    mean = bootstrap_mean(values)
    half = 1.96 * values.std() / math.sqrt(len(values))
    assert (mean.value, mean.low, mean.high) == pytest.approx(
        (values.mean(), mean.value - half, mean.value + half), abs=0.04
    )
    assert bootstrap_mean(np.full(5, 2.0)) == (2.0, 2.0, 2.0)
    assert bootstrap_mean(values) == mean
