"""A grid of cells, each of which predicts a few boxes of typical shapes (Redmon and Farhadi 2017, section 2)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import nn

from dl_robotics.detection.ssd import Predictions, initialise
from dl_robotics.nn.backbones import Backbone
from dl_robotics.nn.convolution import ConvNormActivation

WIDTH = 128  # channels of the layers in front of the predictions


class GridHead(nn.Module):
    """For each cell and anchor: objectness, class logits and a box.

    Predictions have the same shapes as SSD's; the first logit is the objectness instead of the background's.

    :param inputs: channels of all maps together.
    :param anchors: number of anchors.
    :param classes: with the background.
    """

    def __init__(self, inputs: int, anchors: int, classes: int) -> None:
        super().__init__()
        self.classes = classes
        self.layers = nn.Sequential(ConvNormActivation(inputs, WIDTH, 1), ConvNormActivation(WIDTH, WIDTH))
        self.predict = nn.Conv2d(WIDTH, anchors * (classes + 4), 1)

    def forward(self, maps: Sequence[torch.Tensor]) -> Predictions:
        """Class logits (B, A, C), objectness first, and box offsets (B, A, 4); cell by cell, anchor by anchor.

        Coarser maps are enlarged to the finest, whose places are the cells.
        """
        size = maps[0].shape[2:]
        same_size = [maps[0], *(nn.functional.interpolate(x, size=size) for x in maps[1:])]
        x = self.predict(self.layers(torch.cat(same_size, dim=1)))
        rows = x.permute(0, 2, 3, 1).reshape(x.shape[0], -1, self.classes + 4)  # (B, cells * anchors, C + 4)
        return rows[..., : self.classes], rows[..., self.classes :]

    def expect_background(self, probability: float) -> None:
        """Let the untrained head give ``probability`` to there being an object."""
        if self.predict.bias is not None:
            bias = self.predict.bias.data.view(-1, self.classes + 4)
            bias[:, 0] -= math.log((1.0 - probability) / probability)


class Grid(nn.Module):
    """A backbone and a grid head on its maps of the given strides; the finest one's places are the cells."""

    def __init__(self, backbone: Backbone, head: GridHead, strides: Sequence[int]) -> None:
        super().__init__()
        self.backbone, self.head = backbone, head
        self._taken = [backbone.strides.index(stride) for stride in strides]
        initialise(head)

    def features(self, images: torch.Tensor) -> list[torch.Tensor]:
        """The maps that the head sees."""
        maps = self.backbone(images)
        return [maps[number] for number in self._taken]

    def forward(self, images: torch.Tensor) -> Predictions:
        """Logits (B, A, C) and box offsets (B, A, 4) of normalised images (B, 3, H, W)."""
        predictions: Predictions = self.head(self.features(images))
        return predictions
