"""Cross-entropy of masks: worked examples, and the compiled form against torch's."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_robotics.config import ConfigError
from dl_robotics.data.sample import IGNORED
from dl_robotics.segmentation.config import LossConfig
from dl_robotics.segmentation.loss import PixelCounts, SegmentationLoss, class_weights


def counted(*masks, num_classes=3):
    counts = PixelCounts(num_classes)
    for mask in masks:
        counts.add(np.array(mask, np.uint8))
    return counts


def loss_of(scores, masks, weights=(1.0, 1.0), label_smoothing=0.0):
    loss = SegmentationLoss(LossConfig(label_smoothing=label_smoothing), torch.tensor(weights))
    return loss(scores, torch.tensor(masks, dtype=torch.uint8))


MASKS = ([[0, 0, 0, 1]], [[0, 0, 0, 0]], [[0, 0, 2, 2]])


def test_pixels_are_counted():
    counts = counted(*MASKS, [[IGNORED, IGNORED, 2, 2]])
    assert counts.pixels.tolist() == [9, 1, 4]
    assert counts.images.tolist() == [12, 4, 6]


def test_median_frequency_worked_example():
    # Shares in the images that show them: 9/12, 1/4, 2/4; their median is 1/2.
    weights = class_weights(counted(*MASKS), "median_frequency")
    assert weights.tolist() == pytest.approx([2.0 / 3.0, 2.0, 1.0])


def test_inverse_log_worked_example():
    weights = class_weights(counted(*MASKS), "inverse_log")
    shares = (9 / 12, 1 / 12, 2 / 12)
    assert weights.tolist() == pytest.approx([1.0 / math.log(1.02 + share) for share in shares])


@pytest.mark.parametrize("how", ["equal", "median_frequency", "inverse_log"])
def test_classes_that_never_occur_weigh_one(how):
    assert class_weights(counted([[0, 0, 1]]), how)[2] == 1.0
    assert class_weights(counted(), how).tolist() == [1.0, 1.0, 1.0]


def test_equal_scores_cost_the_logarithm_of_the_classes():
    assert loss_of(torch.zeros(1, 2, 2, 2), [[[0, 1], [1, 0]]]).item() == pytest.approx(math.log(2.0))


def test_worked_example():
    scores = torch.tensor([[[[0.0, 1.0]], [[2.0, 0.0]]]])  # two pixels: (0, 2) and (1, 0)
    first, second = math.log(1.0 + math.exp(2.0)), math.log(1.0 + math.exp(-1.0))  # -log p(0), both labelled 0
    assert loss_of(scores, [[[0, 0]]]).item() == pytest.approx((first + second) / 2.0, rel=1e-5)
    other = first - 2.0  # -log p(1) of the first pixel
    weighed = (3.0 * other + 1.0 * second) / 4.0
    assert loss_of(scores, [[[1, 0]]], weights=(1.0, 3.0)).item() == pytest.approx(weighed, rel=1e-5)
    smoothed = 0.9 * first + 0.1 * (first + other) / 2.0
    assert loss_of(scores, [[[0, IGNORED]]], label_smoothing=0.1).item() == pytest.approx(smoothed, rel=1e-5)


def test_ignored_pixels_neither_cost_nor_teach():
    scores = torch.randn(1, 2, 2, 2, requires_grad=True)
    loss_of(scores, [[[0, IGNORED], [1, IGNORED]]]).backward()
    assert scores.grad[..., 1].abs().max() == 0.0
    assert scores.grad[..., 0].abs().min() > 0.0


def test_nothing_labelled_is_no_loss():
    scores = torch.randn(1, 2, 2, 2, requires_grad=True)
    loss = loss_of(scores, [[[IGNORED] * 4] * 4])
    loss.backward()
    assert loss.item() == 0.0
    assert scores.grad.abs().max() == 0.0


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    classes=st.integers(2, 9),
    coarse=st.tuples(st.integers(1, 7), st.integers(1, 7)),
    fine=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    label_smoothing=st.sampled_from([0.0, 0.1]),
    scale=st.sampled_from([0.1, 3.0, 30.0]),
)
def test_compiled_loss_and_gradient_equal_torch(seed, classes, coarse, fine, label_smoothing, scale):
    torch.manual_seed(seed)
    scores = (torch.randn(2, classes, *coarse) * scale).requires_grad_()
    masks = torch.randint(0, classes + 1, (2, *fine), dtype=torch.uint8)
    masks[masks == classes] = IGNORED
    loss = SegmentationLoss(LossConfig(label_smoothing=label_smoothing), torch.rand(classes) + 0.1)
    weight = loss.weights[masks[masks != IGNORED].int()].sum().clamp(min=1e-30)
    expected = loss.plain(scores, masks) / weight
    found = loss(scores, masks)
    assert found.item() == pytest.approx(expected.item(), rel=1e-4, abs=1e-5)
    gradients = [torch.autograd.grad(value, scores)[0] for value in (found, expected)]
    torch.testing.assert_close(*gradients, atol=2e-5, rtol=1e-3)


def test_gradient_descends():
    torch.manual_seed(0)
    scores = torch.randn(1, 3, 4, 4, requires_grad=True)
    masks = torch.randint(0, 3, (1, 16, 16)).tolist()
    before = loss_of(scores, masks, (1.0, 2.0, 0.5), 0.1)
    before.backward()
    with torch.no_grad():
        after = loss_of(scores - 0.1 * scores.grad, masks, (1.0, 2.0, 0.5), 0.1)
    expected = before.item() - 0.1 * scores.grad.square().sum().item()
    assert after.item() == pytest.approx(expected, abs=1e-3)
    assert after < before


@pytest.mark.parametrize("share", [-0.1, 1.0])
def test_impossible_smoothing_is_refused(share):
    with pytest.raises(ConfigError, match="label_smoothing"):
        LossConfig(label_smoothing=share)
