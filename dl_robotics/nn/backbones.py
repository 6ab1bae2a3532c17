"""Backbones: what every task builds on, by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Literal, NamedTuple, TypeAlias

import torch
from torch import nn

from dl_robotics.config import require
from dl_robotics.nn.mobilenet_v2 import mobilenet_v2_features
from dl_robotics.nn.mobilenet_v3 import mobilenet_v3_large_features
from dl_robotics.nn.small import small_features
from dl_robotics.nn.vgg import vgg16_features

BackboneName: TypeAlias = Literal["small", "mobilenet_v2", "mobilenet_v3_large", "vgg16"]


class Plan(NamedTuple):
    """How a backbone is made.

    :param features: makes its layers.
    :param taps: the layers after which a stage ends.
    :param channels: of the feature maps there.
    :param strides: of the feature maps there.
    """

    features: Callable[[], nn.Sequential]
    taps: tuple[int, ...]
    channels: tuple[int, ...]
    strides: tuple[int, ...] = (4, 8, 16, 32)


PLANS: dict[str, Plan] = {
    "small": Plan(small_features, (1, 2, 3, 4), (32, 48, 80, 112)),
    "mobilenet_v2": Plan(mobilenet_v2_features, (3, 6, 13, 18), (24, 32, 96, 1280)),
    "mobilenet_v3_large": Plan(mobilenet_v3_large_features, (3, 6, 12, 16), (24, 40, 112, 960)),
    "vgg16": Plan(partial(vgg16_features, ceil_mode=True), (9, 16, 23, 30), (128, 256, 512, 512)),
}


class Backbone(nn.Sequential):
    """Layers that turn images into feature maps of rising stride.

    Its children are the layers, numbered as in the ``features`` of torchvision's models; ``strides`` and ``channels``
    describe the maps.
    """

    def __init__(self, plan: Plan) -> None:
        super().__init__(*plan.features())
        self.strides, self.channels = plan.strides, plan.channels
        self._taps = plan.taps
        self._frozen = 0

    @property
    def stages(self) -> list[nn.Sequential]:
        """The layers of each stage, the very ones of this module; the stem belongs to the first."""
        layers, ends = list(self), [tap + 1 for tap in self._taps]
        return [nn.Sequential(*layers[start:end]) for start, end in pairwise([0, *ends])]

    def forward(self, images: torch.Tensor) -> list[torch.Tensor]:
        """Feature maps by rising stride.

        :param images: (B, 3, H, W), normalised.
        :return: for each stage (B, channels, ceil(H / stride), ceil(W / stride)).
        """
        maps, x = [], images
        for number, layer in enumerate(self):
            x = layer(x)
            if number in self._taps:
                maps.append(x)
        return maps

    def freeze(self, count: int) -> None:
        """Keep the first ``count`` stages as they are from now on: weights, and the statistics of normalisation.

        :raises ConfigError: if there are not so many stages.
        """
        stages = self.stages
        require(0 <= count <= len(stages), "frozen_stages", f"0 to {len(stages)}", count)
        self._frozen = count
        for number, stage in enumerate(stages):
            stage.requires_grad_(number >= count)
        self.train(self.training)

    def train(self, mode: bool = True) -> Backbone:
        """Switch between training and evaluation mode; frozen stages stay in the latter."""
        super().train(mode)
        for stage in self.stages[: self._frozen]:
            stage.eval()
        return self


def build_backbone(name: str) -> Backbone:
    """A backbone with random first weights.

    :param name: a key of :data:`PLANS`.
    :raises ConfigError: if there is no such backbone.
    """
    require(name in PLANS, "backbone", f"one of {', '.join(PLANS)}", name)
    return Backbone(PLANS[name])
