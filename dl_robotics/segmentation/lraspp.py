"""LR-ASPP on MobileNetV3-Large (Howard et al. 2019, section 6.4): fast segmentation with the least of heads.

Parameters are named as in torchvision's ``lraspp_mobilenet_v3_large``, whose state dicts load.
"""

from __future__ import annotations

from functools import partial

import torch
from torch import nn

from dl_robotics.nn.backbones import Backbone, Plan
from dl_robotics.nn.convolution import ConvNormActivation, initialise
from dl_robotics.nn.mobilenet_v3 import mobilenet_v3_large_features
from dl_robotics.segmentation.network import SegmentationNetwork, upsample

DILATED = Plan(partial(mobilenet_v3_large_features, dilated=True), (3, 4, 12, 16), (24, 40, 112, 960), (4, 8, 16, 16))
LOW, HIGH = 1, 3  # the maps that the head sees, strides 8 and 16
WIDTH = 128


class Head(nn.Module):
    """Figure 10 of the paper: coarse features, weighed by what the whole image shows, and scores of finer ones.

    :param low: channels of the finer map.
    :param high: channels of the coarser map.
    """

    def __init__(self, low: int, high: int, num_classes: int) -> None:
        super().__init__()
        self.cbr = ConvNormActivation(high, WIDTH, 1)
        self.scale = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(high, WIDTH, 1, bias=False), nn.Sigmoid())
        self.low_classifier = nn.Conv2d(low, num_classes, 1)
        self.high_classifier = nn.Conv2d(WIDTH, num_classes, 1)
        initialise(self)

    def forward(self, low: torch.Tensor, high: torch.Tensor) -> torch.Tensor:
        """Logits of the finer map's size, (B, classes, h, w)."""
        weighed = upsample(self.cbr(high) * self.scale(high), low.shape[-2], low.shape[-1])
        scores: torch.Tensor = self.low_classifier(low) + self.high_classifier(weighed)
        return scores


class LRASPP(SegmentationNetwork):
    """Scores at stride 8. 3.2 M parameters with 21 classes."""

    def __init__(self, num_classes: int) -> None:
        super().__init__()
        self.backbone = Backbone(DILATED)
        self.classifier = Head(self.backbone.channels[LOW], self.backbone.channels[HIGH], num_classes)

    def scores(self, images: torch.Tensor) -> torch.Tensor:
        """Logits (B, classes, ceil(H / 8), ceil(W / 8))."""
        maps = self.backbone(images)
        scores: torch.Tensor = self.classifier(maps[LOW], maps[HIGH])
        return scores
