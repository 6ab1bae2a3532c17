"""The losses of both heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch.nn import functional

from dl_robotics.config import require
from dl_robotics.nn.processes import divisor

IGNORED = -1  # a target label: says neither object nor background
Losses = dict[str, torch.Tensor]


@dataclass(frozen=True)
class LossConfig:
    """How wrong predictions count.

    :param match_iou: overlap above which a prior answers for a box.
    :param negatives_per_positive: hard negatives for each prior that answers for a box.
    :param box_weight: of the boxes against the classes (alpha of Liu et al. 2016, equation 1).
    :param label_smoothing: share of the target that all classes divide (Szegedy et al. 2016).
    :param class_weights: by name, against class imbalance; classes not named, and the background, weigh 1.
    """

    match_iou: float = 0.5
    negatives_per_positive: float = 3.0
    box_weight: float = 1.0
    label_smoothing: float = 0.0
    class_weights: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require(0.0 < self.match_iou < 1.0, "match_iou", "within (0, 1)", self.match_iou)
        require(self.negatives_per_positive > 0.0, "negatives_per_positive", "> 0", self.negatives_per_positive)
        require(self.box_weight >= 0.0, "box_weight", ">= 0", self.box_weight)
        require(0.0 <= self.label_smoothing < 1.0, "label_smoothing", "within [0, 1)", self.label_smoothing)
        require(min(self.class_weights.values(), default=1.0) >= 0.0, "class_weights", ">= 0", self.class_weights)


class TargetBatch(NamedTuple):
    """Targets of several images: labels (B, A) int64 and offsets (B, A, 4)."""

    labels: torch.Tensor
    offsets: torch.Tensor


def class_weights(config: LossConfig, classes: Sequence[str]) -> torch.Tensor | None:
    """(C,) weights in the order of the class ids; None where all weigh the same.

    :raises ConfigError: for a class that is none.
    """
    unknown = [name for name in config.class_weights if name not in classes]
    require(not unknown, "class_weights", f"names among {', '.join(classes)}", unknown)
    weights = [config.class_weights.get(name, 1.0) for name in classes]
    return torch.tensor(weights) if config.class_weights else None


def multibox_loss(
    logits: torch.Tensor,
    offsets: torch.Tensor,
    targets: TargetBatch,
    config: LossConfig,
    weights: torch.Tensor | None = None,
) -> Losses:
    """Equation 1 of Liu et al. 2016: softmax over matched priors and hard negatives, smooth L1 over matched ones.

    Both are sums over the batch, divided by its number of matched priors. In an image without objects as many negatives
    count as beside one object: the paper would learn nothing from it.

    :param logits: (B, A, C).
    :param offsets: (B, A, 4).
    :param weights: (C,) of the classes.
    """
    positive = targets.labels > 0
    count = divisor(positive.sum(), at_least=1)
    entropy = functional.cross_entropy(
        logits.transpose(1, 2),
        targets.labels,
        weights,
        ignore_index=IGNORED,
        reduction="none",
        label_smoothing=config.label_smoothing,
    )  # (B, A)
    wanted = (config.negatives_per_positive * positive.sum(dim=1).clamp(min=1)).long()
    classes = entropy[positive].sum() + hardest(entropy, targets.labels == 0, wanted)
    boxes = functional.smooth_l1_loss(offsets[positive], targets.offsets[positive], reduction="sum")
    return {"class": classes / count, "box": config.box_weight * boxes / count}


def hardest(losses: torch.Tensor, among: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Sum of the greatest losses of each image, hard negative mining.

    :param losses: (B, A).
    :param among: (B, A) whether it can be chosen.
    :param wanted: (B,) how many of each image; fewer where there are not so many.
    """
    wanted = torch.minimum(wanted, among.sum(dim=1))
    ranked = losses.masked_fill(~among, -torch.inf).topk(int(wanted.max()), dim=1).values  # (B, most wanted)
    taken = torch.arange(ranked.shape[1], device=ranked.device) < wanted[:, None]
    return ranked[taken].sum()
