"""The loss of segmentation: cross-entropy over the labelled pixels, rare classes weighed up."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from dl_robotics.data.sample import IGNORED
from dl_robotics.nn.processes import divisor
from dl_robotics.segmentation.config import ClassWeights, LossConfig
from dl_robotics.segmentation.fused_loss import FusedCrossEntropy, Targets
from dl_robotics.segmentation.network import upsample

ENET_OFFSET = 1.02  # c of ENet's equation


class PixelCounts:
    """How often classes occur in masks, for :func:`class_weights`.

    ``pixels[c]`` is the number of pixels of class c, ``images[c]`` that of labelled pixels in masks that show class c.
    """

    def __init__(self, num_classes: int) -> None:
        self.pixels = np.zeros(num_classes)
        self.images = np.zeros(num_classes)

    def add(self, mask: npt.NDArray[np.uint8]) -> None:
        """Add a mask of class ids or ``IGNORED``."""
        counts = np.bincount(mask.ravel(), minlength=256)[: len(self.pixels)]
        self.pixels += counts
        self.images[counts > 0] += counts.sum()


def class_weights(counts: PixelCounts, how: ClassWeights) -> torch.Tensor:
    """Weight of each class, (classes,); 1 for those that never occur.

    ``median_frequency`` (Eigen and Fergus 2015): f_c is the share of class c in the images that show it, and its
    weight the median of all f divided by f_c. ``inverse_log`` (Paszke et al. 2016, ENet): 1 / ln(1.02 + p_c) of the
    share p_c of all pixels, between 1.4 and 51. ``equal``: 1.
    """
    seen = counts.pixels > 0
    weights = np.ones(len(seen))
    if how == "median_frequency" and seen.any():
        frequency = counts.pixels[seen] / counts.images[seen]
        weights[seen] = np.median(frequency) / frequency
    elif how == "inverse_log" and seen.any():
        weights[seen] = 1.0 / np.log(ENET_OFFSET + counts.pixels[seen] / counts.pixels.sum())
    return torch.from_numpy(weights.astype(np.float32))


class SegmentationLoss(nn.Module):
    """Mean over the labelled pixels of the cross-entropy; with weights the mean they weigh. Without such pixels zero.

    :param weights: of the classes, (classes,).
    """

    weights: torch.Tensor

    def __init__(self, settings: LossConfig, weights: torch.Tensor) -> None:
        super().__init__()
        self.label_smoothing = settings.label_smoothing
        self.register_buffer("weights", weights)

    def forward(self, scores: torch.Tensor, masks: torch.Tensor) -> torch.Tensor:
        """The loss, a scalar, of scores upsampled to the masks' size.

        :param scores: (B, classes, h, w) logits.
        :param masks: (B, H, W) uint8 class ids, or ``IGNORED``.
        """
        total = self._fused(scores, masks) if scores.device.type == "cpu" else self.plain(scores, masks)
        weights = torch.cat([self.weights, self.weights.new_zeros(IGNORED + 1 - len(self.weights))])
        return total / divisor(weights[masks.int()].sum(), at_least=torch.finfo(scores.dtype).tiny)

    def plain(self, scores: torch.Tensor, masks: torch.Tensor) -> torch.Tensor:
        """The sum over the pixels in torch's own operations, for any device."""
        return nn.functional.cross_entropy(
            upsample(scores, masks.shape[1], masks.shape[2]),
            masks.long(),
            self.weights,
            ignore_index=IGNORED,
            reduction="sum",
            label_smoothing=self.label_smoothing,
        )

    def _fused(self, scores: torch.Tensor, masks: torch.Tensor) -> torch.Tensor:
        weights, even = self.weights.numpy(), self.label_smoothing / len(self.weights)
        targets = Targets(weights * np.float32(1.0 - self.label_smoothing), weights * np.float32(even))
        total: torch.Tensor = FusedCrossEntropy.apply(scores, masks, targets)  # type: ignore[no-untyped-call]
        return total
