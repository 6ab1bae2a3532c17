"""The grid head's boxes and anchors against numbers worked out by hand."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dl_robotics.config import ConfigError
from dl_robotics.detection.anchors import cluster_anchors, shape_iou
from dl_robotics.detection.config import detector_config
from dl_robotics.detection.grid_coding import GridCoding, sigmoid
from dl_robotics.detection.loss import IGNORED
from dl_robotics.detection.model import build_detector, make_coding

ANCHORS = np.array([[10, 10], [40, 20]], np.float32)
CODING = GridCoding(rows=2, columns=3, step=(32.0, 32.0), anchors=ANCHORS)  # of an image of 96 x 64


def box(x, y, width, height):
    return np.array([[x - width / 2, y - height / 2, x + width / 2, y + height / 2]], np.float32)


def test_the_best_shaped_anchor_of_the_centres_cell_answers():
    targets = CODING.encode(box(72, 40, 40, 30), np.array([2]))  # cell 2 of the second row
    place = (3 + 2) * 2 + 1
    assert np.flatnonzero(targets.labels > 0).tolist() == [place]
    assert targets.labels[place] == 2
    assert targets.offsets[place].tolist() == pytest.approx([8 / 32, 8 / 32, 0.0, math.log(1.5)])


def test_anchors_that_overlap_much_are_ignored():
    # The box between two cells' middles overlaps both their wide anchors; one answers, the other says nothing.
    labels = CODING.encode(box(30, 16, 60, 20), np.array([1])).labels
    assert labels[:4].tolist() == [0, 1, 0, 0]
    labels = CODING.encode(box(32, 16, 70, 22), np.array([1])).labels
    assert labels[:4].tolist() == [0, 0, 0, 1]
    twice = GridCoding(1, 2, (8.0, 8.0), ANCHORS[1:]).encode(box(8, 4, 40, 20), np.array([1])).labels
    assert twice.tolist() == [IGNORED, 1]


def test_two_boxes_of_one_shape_in_one_cell_take_different_anchors():
    boxes = np.vstack([box(10, 10, 40, 20), box(12, 10, 40, 20), box(14, 10, 40, 20)])
    labels = CODING.encode(boxes, np.array([1, 2, 3])).labels
    assert labels[:2].tolist() == [2, 1]  # the third finds no place


def test_an_image_without_objects_is_background():
    targets = CODING.encode(np.zeros((0, 4), np.float32), np.zeros(0, np.int64))
    assert not targets.labels.any()


def test_probabilities():
    logits = np.zeros((len(CODING), 3), np.float32)
    logits[0] = [math.log(3), 0.0, 0.0]  # objectness 3 / 4, shared equally
    probabilities, _ = CODING.decode(logits, np.zeros((len(CODING), 4), np.float32))
    assert probabilities[0].tolist() == pytest.approx([0.25, 0.375, 0.375])
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, rtol=1e-6)


@given(st.floats(1, 95), st.floats(1, 63), st.floats(2, 90), st.floats(2, 60))
def test_decoding_the_targets_gives_the_box(x, y, width, height):
    targets = CODING.encode(box(x, y, width, height), np.array([1]))
    place = int(np.flatnonzero(targets.labels > 0)[0])
    offsets = targets.offsets.copy()
    inside = np.clip(offsets[:, :2], 1e-4, 1 - 1e-4)
    offsets[:, :2] = np.log(inside / (1 - inside))  # the network's numbers, before the sigmoid
    _, boxes = CODING.decode(np.zeros((len(CODING), 2), np.float32), offsets)
    np.testing.assert_allclose(boxes[place], box(x, y, width, height)[0], atol=0.05)


def test_sigmoid_in_the_tails():
    assert sigmoid(np.array([-200, 0, 200], np.float32)).tolist() == [0.0, 0.5, 1.0]


def test_shape_iou():
    a = np.array([[10, 10]], np.float32)
    b = np.array([[10, 10], [5, 10], [20, 20], [20, 5]], np.float32)
    assert shape_iou(a, b)[0].tolist() == pytest.approx([1.0, 0.5, 0.25, 50 / 150])


@pytest.mark.parametrize("seed", range(5))
def test_clusters_of_boxes_are_found(seed):
    rng = np.random.default_rng(seed)
    centres = np.array([[10, 12], [30, 90], [100, 40]], np.float32)
    sides = np.repeat(centres, 50, axis=0) * rng.uniform(0.9, 1.1, (150, 2)).astype(np.float32)
    np.testing.assert_allclose(cluster_anchors(sides, 3, rng), centres, rtol=0.03)


def test_more_anchors_than_boxes_are_refused():
    with pytest.raises(ConfigError, match="anchors: expected 1 to 2"):
        cluster_anchors(np.array([[1, 2], [1, 2], [3, 4]], np.float32), 3, np.random.default_rng(0))


def test_network_and_coding_agree():
    settings = {"architecture": "grid", "strides": (16, 32), "anchors": ((10.0, 10.0), (40.0, 20.0))}
    config = detector_config(("background", "a", "b"), {**settings, "image_height": 72, "image_width": 100})
    logits, offsets = build_detector(config).eval()(torch.zeros(2, 3, 72, 100))
    assert logits.shape == (2, 5 * 7 * 2, 3)
    assert offsets.shape == (2, 5 * 7 * 2, 4)
    assert len(make_coding(config)) == 5 * 7 * 2


def test_a_grid_without_anchors_is_refused():
    with pytest.raises(ConfigError, match="anchors: expected one or more"):
        build_detector(detector_config(("background", "a"), {"architecture": "grid"}))
