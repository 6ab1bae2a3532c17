"""Images and labels that belong together."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_robotics.data.pairing import pair

STAMPS = st.lists(st.integers(-50, 50), max_size=12).map(lambda stamps: np.array(stamps, np.int64))


@pytest.mark.parametrize(
    ("images", "labels", "tolerance", "expected"),
    [
        ([0, 100, 200], [0, 100, 200], 0, [0, 1, 2]),
        ([0, 100, 200], [3, 98, 230], 10, [0, 1, -1]),
        ([0, 10], [6], 10, [-1, 0]),  # the nearer image gets the label
        ([0, 10], [5], 10, [0, -1]),  # equally near: the earlier image
        ([10], [4, 16], 10, [0]),  # equally near: the earlier label
        ([0, 4], [3, 7], 4, [-1, 0]),  # the nearest pair comes first, even if another image goes without
        ([200, 0, 100], [100, 200, 0], 0, [1, 2, 0]),  # any order
        ([0, 0, 0], [0, 0], 0, [0, 1, -1]),  # equal stamps, in turn
        ([], [1], 5, []),
        ([1], [], 5, [-1]),
    ],
)
def test_worked_examples(images, labels, tolerance, expected):
    assert pair(np.array(images, np.int64), np.array(labels, np.int64), tolerance).tolist() == expected


@settings(deadline=None)
@given(STAMPS, STAMPS, st.integers(0, 30))
def test_laws(images, labels, tolerance):
    chosen = pair(images, labels, tolerance)
    paired = chosen >= 0
    assert len(set(chosen[paired].tolist())) == paired.sum()  # each label once
    assert (np.abs(images[paired] - labels[chosen[paired]]) <= tolerance).all()
    free = np.setdiff1d(np.arange(len(labels)), chosen)
    for image in images[~paired]:  # no pair that could be made is left
        assert (np.abs(labels[free] - image) > tolerance).all()


@settings(deadline=None)
@given(STAMPS, STAMPS, st.integers(0, 30))
def test_no_pair_could_be_nearer_for_both(images, labels, tolerance):
    chosen = pair(images, labels, tolerance)
    gap_of_image = np.where(chosen >= 0, np.abs(images - labels[chosen] if len(labels) else 0), 10**9)
    gap_of_label = np.full(len(labels), 10**9)
    gap_of_label[chosen[chosen >= 0]] = gap_of_image[chosen >= 0]
    gaps = np.abs(images[:, None] - labels[None, :])
    both_better = (gaps < gap_of_image[:, None]) & (gaps < gap_of_label[None, :]) & (gaps <= tolerance)
    assert not both_better.any()
