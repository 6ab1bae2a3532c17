"""How odd an error is: Mahalanobis' distance, its rank, and the area under the curve."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st

from dl_robotics.data.errors import DataError
from dl_robotics.sequences.anomaly import AnomalyScale, fit_errors
from dl_robotics.sequences.config import ErrorStatistics
from dl_robotics.sequences.metrics import ForecastErrors, auroc


def normal_errors(count=400, seed=0):
    return list(np.random.default_rng(seed).normal(0.5, 2.0, (count, 3, 2)))


def test_distance_of_a_known_gaussian():
    statistics = ErrorStatistics((1.0, 0.0), ((0.25, 0.0), (0.0, 1.0)), (0.0, 1.0, 2.0))
    scale = AnomalyScale(statistics)
    # (3 - 1) / 2 and 2 / 1 deviations: sqrt((1 + 4) / 2)
    assert scale.score(np.array([[3.0, 2.0]])) == pytest.approx(math.sqrt(2.5))
    assert [scale.rank(score) for score in (-1.0, 0.5, 1.0, 9.0)] == [0.0, 0.25, 0.5, 1.0]


def test_normal_errors_score_about_one_and_ranks_are_uniform():
    scale = AnomalyScale(fit_errors(normal_errors()))
    scores = [scale.score(error) for error in normal_errors(seed=1)]
    assert np.mean(np.square(scores)) == pytest.approx(1.0, abs=0.1)
    ranks = [scale.rank(score) for score in scores]
    assert np.mean(ranks) == pytest.approx(0.5, abs=0.06)


def test_what_is_far_off_is_odder_than_all():
    scale = AnomalyScale(fit_errors(normal_errors()))
    assert scale.rank(scale.score(np.full((3, 2), 20.0))) == 1.0


def test_channels_that_never_err_do_not_break_the_fit():
    errors = [np.zeros((2, 2)) for _ in range(20)]
    assert math.isfinite(AnomalyScale(fit_errors(errors)).score(np.ones((2, 2))))


def test_too_few_normal_sequences_are_refused():
    with pytest.raises(DataError, match="expected 10 normal sequences or more"):
        fit_errors(normal_errors(9))


def test_area_by_hand():
    # Of the six pairs of odd and normal, odd scores higher in four and as high in one.
    assert auroc([3.0, 1.0, 2.0, 1.0, 0.0], [True, True, False, False, False]) == pytest.approx((3 + 1.5) / 6)
    assert math.isnan(auroc([1.0, 2.0], [False, False]))


@tries(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=30))
def test_area_is_the_share_of_pairs_in_order(pairs):
    odd = [score for score, is_odd in pairs if is_odd]
    normal = [score for score, is_odd in pairs if not is_odd]
    found = auroc(*zip(*pairs, strict=True))
    if not odd or not normal:
        assert math.isnan(found)
    else:
        wins = [(a > b) + 0.5 * (a == b) for a in odd for b in normal]
        assert found == pytest.approx(sum(wins) / len(wins))


def test_errors_of_forecasts():
    errors = ForecastErrors()
    errors.add(np.array([[1.0], [-3.0]]))
    errors.add(np.array([[0.0], [2.0]]))
    assert errors.mae() == 1.5
    assert errors.rmse() == pytest.approx(math.sqrt(14 / 4))
    assert errors.by_step().tolist() == [0.5, 2.5]
    assert math.isnan(ForecastErrors().mae())
