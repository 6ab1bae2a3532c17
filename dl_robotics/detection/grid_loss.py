"""The loss of the grid head."""

from __future__ import annotations

import torch
from torch.nn import functional

from dl_robotics.detection.loss import LossConfig, Losses, TargetBatch
from dl_robotics.nn.processes import divisor

COORDINATES, NO_OBJECT = 5.0, 0.5  # the lambdas of Redmon et al. 2016, equation 3


def grid_loss(
    logits: torch.Tensor,
    offsets: torch.Tensor,
    targets: TargetBatch,
    config: LossConfig,
    weights: torch.Tensor | None = None,
) -> Losses:
    """Squared errors of boxes, cross-entropy of objectness and class, over the batch's number of objects.

    Departure from Redmon et al. 2016, equation 3: cross-entropies instead of squared errors of probabilities, whose
    gradients vanish where they are most wrong; sides as logarithms, as the network predicts them.

    :param logits: (B, A, C), objectness first.
    :param offsets: (B, A, 4).
    :param weights: (C,) of the classes.
    """
    positive = targets.labels > 0
    count = divisor(positive.sum(), at_least=1)
    found, wanted = offsets[positive], targets.offsets[positive]
    centre = (found[:, :2].sigmoid() - wanted[:, :2]).square().sum()
    sides = (found[:, 2:] - wanted[:, 2:]).square().sum()
    entropy = functional.binary_cross_entropy_with_logits(logits[..., 0], positive.float(), reduction="none")
    objectness = entropy[positive].sum() + NO_OBJECT * entropy[targets.labels == 0].sum()
    classes = functional.cross_entropy(
        logits[..., 1:][positive],
        targets.labels[positive] - 1,
        None if weights is None else weights[1:],
        reduction="sum",
        label_smoothing=config.label_smoothing,
    )
    boxes = config.box_weight * COORDINATES * (centre + sides)
    return {"objectness": objectness / count, "class": classes / count, "box": boxes / count}
