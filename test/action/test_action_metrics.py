"""Figures of merit, by hand."""

import numpy as np
import pytest

from dl_robotics.action.metrics import ActivityMetrics


def measured():
    """Three classes; two clips of the first, one right; one of the second, right; none of the third."""
    metrics = ActivityMetrics(3)
    metrics.add(0, np.array([0.5, 0.3, 0.2]))
    metrics.add(0, np.array([0.3, 0.1, 0.6]))
    metrics.add(1, np.array([0.1, 0.8, 0.1]))
    return metrics


def test_a_worked_example():
    metrics = measured()
    assert metrics.matrix.tolist() == [[1, 0, 1], [0, 1, 0], [0, 0, 0]]
    assert metrics.top(1) == pytest.approx(2 / 3)
    assert metrics.top(2) == 1.0
    np.testing.assert_array_equal(metrics.recall(), [0.5, 1.0, np.nan])
    np.testing.assert_array_equal(metrics.precision(), [1.0, 1.0, 0.0])
    assert metrics.mean_recall() == 0.75


def test_a_network_that_cannot_tell_is_not_right():
    metrics = ActivityMetrics(4)
    metrics.add(0, np.full(4, 0.25))
    assert [metrics.top(k) for k in (1, 3, 4)] == [0.0, 0.0, 1.0]


def test_sums_and_nothing():
    twice = measured() + measured()
    assert twice.matrix.sum() == 6
    assert twice.figures() == measured().figures()
    assert np.isnan(list(ActivityMetrics(3).figures().values())).all()


@pytest.mark.parametrize(
    ("label", "probabilities"), [(3, [0.2, 0.3, 0.5]), (-1, [0.2, 0.3, 0.5]), (0, [0.5, 0.5]), (0, [0.5, np.nan, 0.5])]
)
def test_refused(label, probabilities):
    with pytest.raises(ValueError, match="expected"):
        ActivityMetrics(3).add(label, np.array(probabilities))
