"""The object keypoint similarity, beside COCO's formula."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_robotics.tracking.costs import AREA_SHARE, extents, pairwise_oks

PERSON = np.array([[[0.0, 0.0, 0.0], [30.0, 40.0, 0.0], [10.0, 100.0, 0.0]]])
SIGMAS = np.array([0.025, 0.08, 0.1])


def oks(expected, observed, sigmas=SIGMAS):
    return pairwise_oks(expected, observed, extents(expected), sigmas)


def test_it_is_coco_s_formula():
    moved = PERSON + np.array([[3.0, 0.0, 0.0], [0.0, 5.0, 0.0], [0.0, 0.0, 0.0]])
    area = AREA_SHARE * 100.0**2
    expected = (math.exp(-9 / (2 * area * 0.05**2)) + math.exp(-25 / (2 * area * 0.16**2)) + 1.0) / 3.0
    assert oks(PERSON, moved).item() == pytest.approx(expected, rel=1e-6)


def test_joints_that_are_unknown_on_either_side_do_not_count():
    here, there, size = PERSON.copy(), PERSON + 5.0, np.array([100.0])
    here[0, 0], there[0, 1] = np.nan, np.nan
    last_alone = pairwise_oks(PERSON[:, 2:], there[:, 2:], size, SIGMAS[2:])
    assert 0.0 < last_alone.item() < 1.0
    np.testing.assert_allclose(pairwise_oks(here, there, size, SIGMAS), last_alone)
    there[0, 2] = np.nan
    assert pairwise_oks(here, there, size, SIGMAS).item() == 0.0


@settings(deadline=None, max_examples=30)
@given(st.floats(0.01, 100.0), st.tuples(*[st.floats(-1e3, 1e3)] * 3))
def test_neither_size_nor_place_nor_unit_matters(scale, shift):
    moved = PERSON + np.random.default_rng(0).normal(size=PERSON.shape)
    there = oks(PERSON * scale + shift, moved * scale + shift).item()
    assert there == pytest.approx(oks(PERSON, moved).item(), rel=1e-6)


def test_extents_are_of_the_joints_that_are_known():
    people = np.concatenate([PERSON, PERSON, np.full_like(PERSON, np.nan)])
    people[1, 2] = np.nan
    assert extents(people).tolist() == [100.0, 40.0, 0.0]
