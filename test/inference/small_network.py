"""A network with the kinds of layers that detectors and segmenters have, small enough to export in a moment."""

import numpy as np
import torch
from torch import nn

SHAPE = (1, 3, 33, 47)


class SmallNetwork(nn.Module):
    """Two outputs: (1, 5, height, width) scores and (1, locations, 4) offsets."""

    def __init__(self, width=16):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, width, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(width), nn.Hardswish()
        )
        self.deep = nn.Sequential(nn.Conv2d(width, width, 3, stride=2, padding=1, groups=width), nn.ReLU6())
        self.squeeze = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(width, width, 1), nn.Hardsigmoid())
        self.grow = nn.ConvTranspose2d(width, width, 4, stride=2, padding=1, bias=False)
        self.score = nn.Conv2d(width, 5, 1)
        self.offset = nn.Conv2d(width, 8, 3, padding=1)

    def forward(self, images):
        shallow = self.stem(images)
        deep = self.deep(shallow)
        deep = deep * self.squeeze(deep)
        fused = shallow + self.grow(deep)[..., : shallow.shape[-2], : shallow.shape[-1]]
        scores = nn.functional.interpolate(self.score(fused), images.shape[-2:], mode="bilinear", align_corners=False)
        return scores, self.offset(deep).permute(0, 2, 3, 1).reshape(1, -1, 4)


def small_network(seed=0, width=16):
    torch.manual_seed(seed)
    network = SmallNetwork(width)
    network(torch.randn(8, *SHAPE[1:]))  # batch statistics that are not those of an untouched network
    return network.eval()


def random_images(seed=0):
    return np.random.default_rng(seed).standard_normal(SHAPE, np.float32)
