"""Matching against examples worked out by hand, and laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from dl_robotics.detection.coding import PriorCoding
from dl_robotics.detection.matching import UNMATCHED, best_pairs, match
from dl_robotics.ops.boxes import to_centres

overlaps = arrays.arrays(
    np.float32, st.tuples(st.integers(0, 5), st.integers(1, 8)), elements=st.floats(0, 1, width=32)
)


@pytest.mark.parametrize(
    ("overlap", "expected"),
    [
        ([[0.6, 0.9, 0.5, 0.1]], [0, 0, UNMATCHED, UNMATCHED]),  # above 0.5, not at it
        ([[0.1, 0.3, 0.2, 0.0]], [UNMATCHED, 0, UNMATCHED, UNMATCHED]),  # a best prior, however little it overlaps
        ([[0.6, 0.4, 0.1, 0.0], [0.8, 0.2, 0.0, 0.0]], [1, 0, UNMATCHED, UNMATCHED]),  # both want the first
        ([[0.9, 0.8, 0.0, 0.0], [0.7, 0.6, 0.0, 0.0]], [0, 1, UNMATCHED, UNMATCHED]),  # a better owner gives way
        ([[0.0, 0.0, 0.0, 0.0]], [UNMATCHED] * 4),
    ],
)
def test_known_overlaps(overlap, expected):
    assert match(np.array(overlap, np.float32), 0.5).tolist() == expected


def test_an_image_without_objects_is_background():
    assert match(np.zeros((0, 3), np.float32), 0.5).tolist() == [UNMATCHED] * 3


def test_more_boxes_than_priors():
    overlap = np.array([[0.3, 0.2], [0.4, 0.6], [0.5, 0.9]], np.float32)
    assert best_pairs(overlap) == [(2, 1), (1, 0)]


@given(overlaps)
def test_pairs_share_neither_box_nor_prior(overlap):
    pairs = best_pairs(overlap)
    for side in zip(*pairs, strict=True):
        assert len(set(side)) == len(pairs)
    if len(pairs) < min(overlap.shape):  # nothing was left that overlaps
        assert (
            overlap[[b for b in range(len(overlap)) if b not in dict(pairs)]][
                :, [p for p in range(overlap.shape[1]) if p not in dict(pairs).values()]
            ].max(initial=0.0)
            == 0.0
        )


@given(overlaps)
def test_a_matched_prior_overlaps_enough_or_is_a_boxs_own(overlap):
    own = {prior: box for box, prior in best_pairs(overlap)}
    for prior, box in enumerate(match(overlap, 0.5).tolist()):
        assert own.get(prior, box) == box
        if prior not in own:
            assert (box == UNMATCHED) == (overlap[:, prior].max(initial=0.0) <= 0.5)


def test_targets_of_matched_priors():
    corners = np.array([[0, 0, 10, 10], [0, 0, 10, 12], [50, 50, 60, 60]], np.float32)
    targets = PriorCoding(to_centres(corners)).encode(corners[:1], np.array([3]))
    assert targets.labels.tolist() == [3, 3, 0]
    np.testing.assert_allclose(targets.offsets[0], 0.0)
    np.testing.assert_allclose(targets.offsets[1], [0.0, -10 / 12, 0.0, 5 * np.log(10 / 12)], rtol=1e-5)
    assert not targets.offsets[2].any()
