"""SSD300 on VGG-16 (Liu et al. 2016, figure 2).

Parameters are named as torchvision names them, so that its weights load.
"""

from __future__ import annotations

import torch
from torch import nn

from dl_robotics.detection.ssd import initialise
from dl_robotics.nn.vgg import vgg16_features

CHANNELS = (512, 1024, 512, 256, 256, 256)  # of conv4_3, fc7, conv8_2, conv9_2, conv10_2, conv11_2
CONV4_3_END, POOL5 = 23, 30  # children of VGG-16's layers: behind conv4_3's activation, and the last pool
FIRST_SCALE = 20.0


class VGGFeatures(nn.Module):
    """VGG-16 with its last layers made convolutions and four smaller maps behind them."""

    def __init__(self) -> None:
        super().__init__()
        layers = list(vgg16_features(ceil_mode=True))  # 75 becomes 38 pixels, not 37
        self.features = nn.Sequential(*layers[:CONV4_3_END])
        self.extra = nn.ModuleList(
            [
                nn.Sequential(*layers[CONV4_3_END:POOL5], _fully_connected()),
                _smaller(1024, 256, 512, stride=2, padding=1),
                _smaller(512, 128, 256, stride=2, padding=1),
                _smaller(256, 128, 256, stride=1, padding=0),
                _smaller(256, 128, 256, stride=1, padding=0),
            ]
        )
        self.scale_weight = nn.Parameter(torch.full((CHANNELS[0],), FIRST_SCALE))
        initialise(*self.extra[1:], weights=nn.init.xavier_uniform_)

    def forward(self, images: torch.Tensor) -> list[torch.Tensor]:
        """Six maps; the first scaled to a learned length at every place, since it is larger (section 3.1)."""
        x = self.features(images)
        maps = [self.scale_weight.view(1, -1, 1, 1) * nn.functional.normalize(x)]
        for layer in self.extra:
            x = layer(x)
            maps.append(x)
        return maps


def _fully_connected() -> nn.Sequential:
    """The layers fc6 and fc7 as convolutions, behind a pool that keeps the size (Chen et al. 2015)."""
    return nn.Sequential(
        nn.MaxPool2d(3, stride=1, padding=1),
        nn.Conv2d(512, 1024, 3, padding=6, dilation=6),
        nn.ReLU(inplace=True),
        nn.Conv2d(1024, 1024, 1),
        nn.ReLU(inplace=True),
    )


def _smaller(inputs: int, middle: int, outputs: int, *, stride: int, padding: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, middle, 1),
        nn.ReLU(inplace=True),
        nn.Conv2d(middle, outputs, 3, stride, padding),
        nn.ReLU(inplace=True),
    )
