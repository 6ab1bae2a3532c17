"""Fully convolutional networks (Long, Shelhamer and Darrell 2015)."""

from __future__ import annotations

import torch
from torch import nn

from dl_robotics.config import require
from dl_robotics.nn.backbones import Backbone
from dl_robotics.nn.convolution import ConvNormActivation, initialise
from dl_robotics.segmentation.network import SegmentationNetwork


class FCN(SegmentationNetwork):
    """Scores each of the backbone's feature maps by a 1x1 convolution and fuses them from coarse to fine (section 4.2).

    Fusing: scores are upsampled twofold by a transposed convolution, which starts as bilinear interpolation and is
    learned, cut to the finer map, and added to the finer map's scores, which start at zero. The finest map's stride
    gives the network its name: FCN-32s fuses nothing, FCN-16s one map, FCN-8s two.

    A departure from the paper on request: wider maps than those of the classes are fused, a 3x3 convolution follows
    each fusion, and the classes are scored at the end. So a fine map decides on what it shows by what coarse ones know.

    :param backbone: whose strides double from map to map.
    :param num_classes: number of classes.
    :param finest_stride: of the finest map that is fused.
    :param fused_channels: of the maps that are fused; 0 for the class scores themselves, as in the paper.
    :raises ConfigError: if no feature map has this stride.
    """

    def __init__(self, backbone: Backbone, num_classes: int, finest_stride: int, fused_channels: int = 0) -> None:
        super().__init__()
        require(finest_stride in backbone.strides, "finest_stride", f"one of {backbone.strides}", finest_stride)
        finest, width = backbone.strides.index(finest_stride), fused_channels or num_classes
        self.backbone = backbone
        self.scoring = nn.ModuleList(nn.Conv2d(channels, width, 1) for channels in backbone.channels[finest:])
        self.doubling = nn.ModuleList(bilinear_doubling(width) for _ in self.scoring[1:])
        self.refining = nn.ModuleList(
            ConvNormActivation(width, width) if fused_channels else nn.Identity() for _ in self.doubling
        )
        self.classifier = nn.Conv2d(width, num_classes, 1) if fused_channels else nn.Identity()
        initialise(self.refining)
        for weight in [] if fused_channels else self.scoring.parameters():
            nn.init.zeros_(weight)

    def scores(self, images: torch.Tensor) -> torch.Tensor:
        """Logits at the finest stride: (B, classes, ceil(H / stride), ceil(W / stride))."""
        maps = self.backbone(images)[-len(self.scoring) :]
        *finer, fused = [layer(x) for layer, x in zip(self.scoring, maps, strict=True)]
        for fine, double, refine in zip(reversed(finer), self.doubling, self.refining, strict=True):
            fused = refine(double(fused)[..., : fine.shape[-2], : fine.shape[-1]] + fine)
        scores: torch.Tensor = self.classifier(fused)
        return scores


def bilinear_doubling(channels: int) -> nn.ConvTranspose2d:
    """A transposed convolution that begins as twofold bilinear interpolation of each channel on its own."""
    layer = nn.ConvTranspose2d(channels, channels, kernel_size=4, stride=2, padding=1, bias=False)
    tent = torch.tensor([0.25, 0.75, 0.75, 0.25])
    with torch.no_grad():
        layer.weight.zero_()
        layer.weight[range(channels), range(channels)] = torch.outer(tent, tent)
    return layer
