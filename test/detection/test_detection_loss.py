"""Losses against numbers worked out by hand."""

import math

import pytest
import torch

from dl_robotics.config import ConfigError
from dl_robotics.detection.grid_loss import grid_loss
from dl_robotics.detection.loss import IGNORED, LossConfig, TargetBatch, class_weights, hardest, multibox_loss

CONFIG = LossConfig()


def targets(labels, offsets=None):
    labels = torch.tensor(labels)
    return TargetBatch(labels, torch.zeros(*labels.shape, 4) if offsets is None else torch.tensor(offsets))


def equal(labels, classes=3):
    """Logits that call every class equally likely, and no offset."""
    return torch.zeros(*torch.tensor(labels).shape, classes), torch.zeros(*torch.tensor(labels).shape, 4)


@pytest.mark.parametrize(
    ("labels", "counted"),
    [
        ([[1, 0, 0, 0, 0, 0, 0, 0]], 1 + 3),  # three negatives for a positive
        ([[1, 2, 0, 0, 0, 0, 0, 0]], (2 + 6) / 2),
        ([[1, 2, 1, 0, 0, 0, 0, 0]], (3 + 5) / 3),  # no more than there are
        ([[1, 0, 0, 0, 0], [0, 0, 0, 0, 0]], 1 + 3 + 3),  # an image without objects counts as beside one
        ([[0, 0, 0, 0, 0]], 3),
        ([[1, IGNORED, IGNORED, 0, IGNORED]], 1 + 1),
    ],
)
def test_hard_negative_ratio(labels, counted):
    parts = multibox_loss(*equal(labels), targets(labels), CONFIG)
    assert parts["class"].item() == pytest.approx(counted * math.log(3))
    assert parts["box"].item() == 0.0


def test_the_hardest_negatives_count():
    losses = torch.tensor([[5.0, 1.0, 4.0, 3.0], [1.0, 2.0, 9.0, 8.0]])
    among = torch.tensor([[False, True, True, True], [True, True, False, False]])
    assert hardest(losses, among, torch.tensor([2, 5])).item() == (4 + 3) + (2 + 1)


def test_smooth_l1_of_matched_priors_only():
    labels = [[1, 0]]
    logits, _ = equal(labels)
    offsets = torch.tensor([[[0.5, 2.0, 0.0, -1.0], [9.0, 9.0, 9.0, 9.0]]])
    parts = multibox_loss(logits, offsets, targets(labels), LossConfig(box_weight=2.0))
    assert parts["box"].item() == pytest.approx(2.0 * (0.125 + 1.5 + 0.0 + 0.5))


def test_classes_are_weighed_by_name():
    labels = [[2, 0, 0, 0]]
    config = LossConfig(class_weights={"rare": 5.0})
    weights = class_weights(config, ("background", "common", "rare"))
    parts = multibox_loss(*equal(labels), targets(labels), config, weights)
    assert parts["class"].item() == pytest.approx((5 + 3) * math.log(3))


def test_a_weight_for_no_class_is_refused():
    with pytest.raises(ConfigError, match="class_weights: expected names among background, thing"):
        class_weights(LossConfig(class_weights={"thong": 2.0}), ("background", "thing"))


def test_label_smoothing():
    # Sure and right: -log p is about 0 for the class and 20 for each of the two others, which share 0.3 * 2 / 3.
    labels = [[1]]
    logits = torch.tensor([[[0.0, 20.0, 0.0]]])
    parts = multibox_loss(logits, torch.zeros(1, 1, 4), targets(labels), LossConfig(label_smoothing=0.3))
    assert parts["class"].item() == pytest.approx(0.2 * 20.0, rel=1e-4)


def test_grid_loss():
    # Objectness 0.5 everywhere: ln 2 for the object, half of it for each of two backgrounds, nothing for the ignored.
    labels = [[2, 0, 0, IGNORED]]
    offsets = [[[0.1, 0.5, 0.2, 0.0], [0.0] * 4, [0.0] * 4, [0.0] * 4]]
    parts = grid_loss(*equal(labels), targets(labels, offsets), CONFIG)
    assert parts["objectness"].item() == pytest.approx(2.0 * math.log(2))
    assert parts["class"].item() == pytest.approx(math.log(2))  # two classes besides the objectness
    assert parts["box"].item() == pytest.approx(5.0 * (0.4**2 + 0.2**2))


def test_grid_loss_of_an_image_without_objects():
    parts = grid_loss(*equal([[0, 0]]), targets([[0, 0]]), CONFIG)
    assert {name: part.item() for name, part in parts.items()} == pytest.approx(
        {"objectness": math.log(2), "class": 0.0, "box": 0.0}
    )


@pytest.mark.parametrize("loss", [multibox_loss, grid_loss])
def test_gradients_are_finite_without_objects(loss):
    logits, offsets = (part.requires_grad_() for part in equal([[0, 0, 0]]))
    torch.stack(list(loss(logits, offsets, targets([[0, 0, 0]]), CONFIG).values())).sum().backward()
    assert logits.grad.isfinite().all()
    assert logits.grad.abs().sum() > 0.0
    assert not offsets.grad.any()
