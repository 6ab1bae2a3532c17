"""Class and probability of every pixel, against torch's interpolation, softmax and maximum."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_robotics.segmentation.network import upsample
from dl_robotics.segmentation.postprocess import most_probable


def test_worked_example():
    scores = np.log(np.array([[[0.2, 0.1]], [[0.6, 0.1]], [[0.2, 0.8]]], np.float32))
    ids, confidence = most_probable(scores, 1, 2)
    assert ids.tolist() == [[1, 2]]
    assert confidence.tolist() == [[153, 204]]  # 0.6 and 0.8 of 255


def test_certainty_is_255_and_the_least_possible_is_one_over_the_classes():
    scores = np.zeros((5, 2, 2), np.float32)
    ids, confidence = most_probable(scores, 4, 4)
    assert (ids == 0).all()
    assert (confidence == 51).all()
    scores[3] = 500.0
    ids, confidence = most_probable(scores, 4, 4)
    assert (ids == 3).all()
    assert (confidence == 255).all()


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    classes=st.integers(2, 21),
    coarse=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    fine=st.tuples(st.integers(1, 50), st.integers(1, 50)),
    scale=st.sampled_from([0.1, 3.0, 50.0]),
)
def test_equals_torch(seed, classes, coarse, fine, scale):
    scores = (np.random.default_rng(seed).standard_normal((classes, *coarse)) * scale).astype(np.float32)
    ids, confidence = most_probable(scores, *fine)
    probabilities = upsample(torch.from_numpy(scores)[None], *fine).softmax(1)[0].numpy()
    best = probabilities.max(0)
    chosen = np.take_along_axis(probabilities, ids[None].astype(np.int64), 0)[0]
    np.testing.assert_allclose(chosen, best, rtol=1e-4)  # the best one, or as good
    np.testing.assert_allclose(confidence / 255.0, best, atol=0.51 / 255.0)


@pytest.mark.parametrize("classes", [2, 255])
def test_every_class_can_be_named(classes):
    scores = np.full((classes, 1, classes), -9.0, np.float32)
    scores[range(classes), 0, range(classes)] = 9.0
    assert most_probable(scores, 3, classes)[0].tolist() == [list(range(classes))] * 3


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_refused(value):
    scores = np.zeros((2, 3, 3), np.float32)
    scores[1, 2, 0] = value
    with pytest.raises(FloatingPointError, match="segmenter: expected finite numbers"):
        most_probable(scores, 6, 6)
