"""What segmentation networks have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import nn

from dl_robotics.nn.backbones import Backbone


class SegmentationNetwork(nn.Module, ABC):
    """Scores every pixel for every class. The scores are coarse; the last upsampling is bilinear and learns nothing."""

    backbone: Backbone

    @abstractmethod
    def scores(self, images: torch.Tensor) -> torch.Tensor:
        """Coarse class scores: what is exported, since the stage upsamples while it looks for the best class.

        :param images: (B, 3, H, W), normalised.
        :return: logits (B, classes, h, w).
        """

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Class scores of every pixel: logits (B, classes, H, W) of normalised images (B, 3, H, W)."""
        return upsample(self.scores(images), images.shape[-2], images.shape[-1])


class Scores(nn.Module):
    """A network of which ``forward`` gives the coarse scores, for export."""

    def __init__(self, network: SegmentationNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Logits (B, classes, h, w) of normalised images (B, 3, H, W)."""
        return self.network.scores(images)


def upsample(scores: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """Bilinear between pixel centres, (B, C, h, w) to (B, C, height, width)."""
    return nn.functional.interpolate(scores, (height, width), mode="bilinear", align_corners=False)
