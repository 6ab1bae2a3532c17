"""Suppression against numbers worked out by hand, against the plainest way to compute it, and laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from dl_robotics.ops.boxes import pairwise_iou
from dl_robotics.ops.nms import batched_nms

THREE = np.array([[0, 0, 10, 10], [0, 0, 10, 8], [0, 6, 10, 16]], np.float32)  # IoU 0.8, 0.25 and 1/8
SCORES = np.array([0.7, 0.9, 0.8], np.float32)


@st.composite
def candidates(draw):
    """Few different scores and corners, so that ties and equal boxes occur."""
    count = draw(st.integers(0, 20))
    corners = draw(arrays.arrays(np.float32, (count, 2), elements=st.integers(0, 8).map(float)))
    sides = draw(arrays.arrays(np.float32, (count, 2), elements=st.integers(0, 8).map(float)))
    scores = draw(arrays.arrays(np.float32, count, elements=st.integers(0, 10).map(lambda n: n / 10)))
    labels = draw(arrays.arrays(np.int64, count, elements=st.integers(1, 3)))
    return np.hstack([corners, corners + sides]), scores, labels


def plain_nms(boxes, scores, labels, threshold):
    # Single precision against a double threshold, as the kernel: so both decide alike where an overlap equals 0.3.
    overlap, kept = pairwise_iou(boxes, boxes).astype(np.float64), []
    for i in np.argsort(-scores, kind="stable"):
        if all(labels[j] != labels[i] or overlap[i, j] <= threshold for j in kept):
            kept.append(int(i))
    return kept


@pytest.mark.parametrize(
    ("labels", "threshold", "expected"),
    [
        ([1, 1, 1], 0.5, [1, 2]),  # the first overlaps the best one by 0.8
        ([1, 1, 1], 0.85, [1, 2, 0]),
        ([1, 1, 1], 0.1, [1]),
        ([1, 2, 1], 0.1, [1, 2]),  # classes do not suppress each other
        ([0, 7, 3], 0.0, [1, 2, 0]),
    ],
)
def test_known_boxes(labels, threshold, expected):
    assert batched_nms(THREE, SCORES, np.array(labels), threshold).tolist() == expected


def test_a_limit_keeps_the_best():
    assert batched_nms(THREE, SCORES, np.array([1, 2, 3]), 0.5, limit=2).tolist() == [1, 2]


def test_only_the_best_candidates_of_a_class_compete():
    # The second of class 1 is suppressed; the third would remain, but is no candidate.
    apart = np.array([[0, 0, 10, 10], [0, 0, 10, 9], [50, 0, 60, 10], [0, 0, 9, 9]], np.float32)
    scores = np.array([0.9, 0.8, 0.7, 0.1], np.float32)
    assert batched_nms(apart, scores, np.array([1, 1, 1, 2]), 0.5, per_class=2).tolist() == [0, 3]


@given(candidates(), st.sampled_from([0.0, 0.3, 0.5, 1.0]))
def test_same_as_the_plain_way(drawn, threshold):
    assert batched_nms(*drawn, threshold).tolist() == plain_nms(*drawn, threshold)


@given(candidates(), st.integers(1, 5))
def test_a_limit_takes_the_first_of_all(drawn, limit):
    assert batched_nms(*drawn, 0.5, limit=limit).tolist() == batched_nms(*drawn, 0.5).tolist()[:limit]


@given(candidates())
def test_the_best_stays_and_a_second_pass_changes_nothing(drawn):
    kept = batched_nms(*drawn, 0.5)
    if len(drawn[1]):
        assert drawn[1][kept[0]] == drawn[1].max()
    again = batched_nms(*(part[kept] for part in drawn), 0.5)
    assert again.tolist() == list(range(len(kept)))
