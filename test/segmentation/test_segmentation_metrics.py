"""Intersection over union by examples that can be counted by hand, and its laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dl_robotics.data.sample import IGNORED
from dl_robotics.segmentation.metrics import Confusion


def confusion(truth, predicted, num_classes=3):
    counts = Confusion(num_classes)
    counts.add(np.array(truth, np.uint8), np.array(predicted, np.uint8))
    return counts


def test_counted_by_hand():
    counts = confusion([[0, 0, 1], [1, 1, IGNORED]], [[0, 1, 1], [1, 0, 2]])
    np.testing.assert_array_equal(counts.matrix, [[1, 1, 0], [1, 2, 0], [0, 0, 0]])
    np.testing.assert_allclose(counts.iou(), [1 / 3, 2 / 4, np.nan])
    assert counts.mean_iou() == pytest.approx((1 / 3 + 1 / 2) / 2)
    assert counts.accuracy() == pytest.approx(3 / 5)


def test_a_class_that_is_only_predicted_counts_as_zero():
    counts = confusion([[0, 0]], [[0, 2]])
    np.testing.assert_allclose(counts.iou(), [0.5, np.nan, 0.0])
    assert counts.mean_iou() == 0.25


def test_images_add_up_before_they_are_divided():
    counts = confusion([[0] * 9 + [1]], [[0] * 10])
    counts.add(np.array([[1]], np.uint8), np.array([[1]], np.uint8))
    np.testing.assert_allclose(counts.iou()[:2], [9 / 10, 1 / 2])


def test_a_pixel_without_a_name_is_wrong():
    counts = confusion([[0, 0, 0, 1]], [[0, 0, IGNORED, 1]])
    np.testing.assert_allclose(counts.iou()[:2], [2 / 3, 1.0])
    assert counts.accuracy() == 3 / 4
    counts += confusion([[1]], [[IGNORED]])
    np.testing.assert_allclose(counts.iou()[:2], [2 / 3, 1 / 2])


def test_without_pixels_figures_are_undefined():
    counts = confusion([[IGNORED]], [[0]])
    assert np.isnan(counts.mean_iou())
    assert np.isnan(counts.accuracy())


def test_refused():
    with pytest.raises(ValueError, match=r"expected equal shapes, got \(1, 2\) and \(2, 1\)"):
        confusion([[0, 0]], [[0], [0]])
    with pytest.raises(ValueError, match="truth: expected class ids 0 to 2, got 7"):
        confusion([[7]], [[0]])
    with pytest.raises(ValueError, match="predicted: expected class ids 0 to 2, got 3"):
        confusion([[0]], [[3]])


masks = arrays(np.uint8, (4, 5), elements=st.sampled_from([0, 1, 2, IGNORED]))
predictions = arrays(np.uint8, (4, 5), elements=st.integers(0, 2))


@given(masks, predictions)
def test_laws(truth, predicted):
    counts = confusion(truth, predicted)
    assert counts.matrix.sum() == (truth != IGNORED).sum()
    iou = counts.iou()[~np.isnan(counts.iou())]
    assert ((iou >= 0.0) & (iou <= 1.0)).all()
    swapped = confusion(predicted, np.where(truth == IGNORED, predicted, truth))
    unswapped = confusion(np.where(truth == IGNORED, predicted, truth), predicted)
    np.testing.assert_array_equal(swapped.iou(), unswapped.iou())
    assert confusion(predicted, predicted).mean_iou() == 1.0
