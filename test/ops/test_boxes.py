"""Boxes against numbers worked out by hand, and laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dl_robotics.ops.boxes import area, at_least, clip, pairwise_iou, to_centres, to_corners

coordinates = st.floats(-500, 500, width=32)
sides = st.floats(0, 500, width=32)
box_lists = st.lists(st.tuples(coordinates, coordinates, sides, sides), max_size=8).map(
    lambda rows: to_corners(np.array(rows, np.float32).reshape(-1, 4))
)


def boxes(*rows):
    return np.array(rows, np.float32).reshape(-1, 4)


def test_iou_of_known_boxes():
    a = boxes([0, 0, 10, 10])
    b = boxes([0, 0, 10, 10], [5, 0, 15, 10], [0, 5, 10, 10], [10, 0, 20, 10], [3, 3, 3, 9])
    assert pairwise_iou(a, b)[0].tolist() == pytest.approx([1.0, 50 / 150, 0.5, 0.0, 0.0])


def test_two_empty_boxes_do_not_overlap():
    assert pairwise_iou(boxes([3, 3, 3, 3]), boxes([3, 3, 3, 3])).tolist() == [[0.0]]


def test_no_boxes_have_no_overlaps():
    assert pairwise_iou(boxes(), boxes([0, 0, 1, 1])).shape == (0, 1)


@given(box_lists, box_lists)
def test_iou_is_symmetric_and_within_0_and_1(a, b):
    overlap = pairwise_iou(a, b)
    np.testing.assert_allclose(overlap, pairwise_iou(b, a).T, rtol=1e-5)
    assert ((overlap >= 0.0) & (overlap <= 1.0 + 1e-5)).all()


@given(box_lists)
def test_a_box_with_an_area_overlaps_itself_wholly(a):
    wide = a[at_least(a, 1.0)]
    np.testing.assert_allclose(np.diag(pairwise_iou(wide, wide)), 1.0, rtol=1e-5)


def test_clip_keeps_what_is_inside():
    clipped = clip(boxes([-5, -5, 5, 5], [90, 40, 120, 80], [200, 10, 210, 20]), height=50, width=100)
    assert clipped.tolist() == [[0, 0, 5, 5], [90, 40, 100, 50], [100, 10, 100, 20]]
    assert area(clipped).tolist() == [25, 100, 0]


def test_at_least_looks_at_both_sides():
    assert at_least(boxes([0, 0, 2, 9], [0, 0, 9, 1], [0, 0, 2, 2]), 2.0).tolist() == [True, False, True]


def test_corners_and_centres():
    assert to_centres(boxes([10, 20, 30, 60])).tolist() == [[20, 40, 20, 40]]
    assert to_corners(boxes([20, 40, 20, 40])).tolist() == [[10, 20, 30, 60]]
