"""The exponential function of the compiled loops."""

import numpy as np
from numba import njit

from dl_robotics.ops.exponential import exponential


@njit
def each(x):
    result = np.empty_like(x)
    for i in range(len(x)):
        result[i] = exponential(x[i])
    return result


def test_is_within_a_hundred_thousandth_everywhere_below_zero():
    x = -np.concatenate([np.linspace(0.0, 20.0, 20_001), np.logspace(0, 30, 1000)]).astype(np.float32)
    np.testing.assert_allclose(each(x), np.exp(x.astype(np.float64)), rtol=0.0, atol=1e-5)


def test_is_one_at_zero_and_zero_far_below():
    assert each(np.array([0.0, -104.0, -1e9], np.float32)).tolist() == [1.0, 0.0, 0.0]
