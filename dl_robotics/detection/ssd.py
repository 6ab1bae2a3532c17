"""SSD (Liu et al. 2016): class scores and box offsets from several feature maps at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import torch
from torch import nn

from dl_robotics.config import require
from dl_robotics.nn.backbones import Backbone
from dl_robotics.nn.convolution import ConvNormActivation, Norm

Predictions = tuple[torch.Tensor, torch.Tensor]  # class logits (B, A, C), box offsets (B, A, 4)
NORMAL = partial(nn.init.normal_, std=0.03)


class MapHead(nn.Module):
    """Predictions of one kind from several maps, laid end to end.

    :param blocks: one for each map, (B, channels, H, W) to (B, shapes * columns, H, W).
    :param columns: numbers of one prediction.
    """

    def __init__(self, blocks: Iterable[nn.Module], columns: int) -> None:
        super().__init__()
        self.module_list = nn.ModuleList(blocks)
        self.columns = columns

    def forward(self, maps: Sequence[torch.Tensor]) -> torch.Tensor:
        """(B, A, columns): map by map, row by row, place by place, shape by shape."""
        return torch.cat([self._rows(block(x)) for block, x in zip(self.module_list, maps, strict=True)], dim=1)

    def _rows(self, x: torch.Tensor) -> torch.Tensor:
        return x.permute(0, 2, 3, 1).reshape(x.shape[0], -1, self.columns)  # (B, H * W * shapes, columns)


class SSDHead(nn.Module):
    """Class logits and box offsets.

    :param channels: of each map.
    :param shapes: priors at one place of each map.
    :param classes: with the background.
    :param norm: of depthwise separable blocks; None for dense 3x3 convolutions.
    """

    def __init__(self, channels: Sequence[int], shapes: Sequence[int], classes: int, norm: Norm | None = None) -> None:
        super().__init__()
        self.classification_head = MapHead(_blocks(channels, shapes, classes, norm), classes)
        self.regression_head = MapHead(_blocks(channels, shapes, 4, norm), 4)

    def forward(self, maps: Sequence[torch.Tensor]) -> Predictions:
        """Predict from all maps."""
        return self.classification_head(maps), self.regression_head(maps)

    def expect_background(self, probability: float) -> None:
        """Let the untrained head give ``probability`` to all classes but the background together."""
        for block in self.classification_head.module_list:
            last = list(block.modules())[-1]
            columns = self.classification_head.columns
            if isinstance(last, nn.Conv2d) and last.bias is not None:
                last.bias.data.view(-1, columns)[:, 0] += math.log((1.0 - probability) / probability * (columns - 1))


class SSD(nn.Module):
    """Features of several sizes, and heads on all of them.

    :param backbone: (B, 3, H, W) to a list of feature maps.
    """

    def __init__(self, backbone: nn.Module, head: SSDHead) -> None:
        super().__init__()
        self.backbone, self.head = backbone, head

    def features(self, images: torch.Tensor) -> list[torch.Tensor]:
        """The maps that the head sees."""
        maps: list[torch.Tensor] = self.backbone(images)
        return maps

    def forward(self, images: torch.Tensor) -> Predictions:
        """Class logits (B, A, C) and box offsets (B, A, 4) of normalised images (B, 3, H, W)."""
        predictions: Predictions = self.head(self.features(images))
        return predictions


class ExtendedSSD(SSD):
    """SSD on any backbone, with smaller maps behind it.

    :param strides: of the backbone's maps that are looked at.
    :param extra: each takes the map before it, the first the backbone's last.
    :param fusion: takes all maps and gives as many of the same sizes.
    """

    def __init__(
        self,
        backbone: Backbone,
        head: SSDHead,
        strides: Sequence[int],
        extra: Iterable[nn.Module],
        fusion: nn.Module | None = None,
    ) -> None:
        super().__init__(backbone, head)
        self.extra, self.fusion = nn.ModuleList(extra), fusion
        self._taken = [backbone.strides.index(stride) for stride in strides]

    def features(self, images: torch.Tensor) -> list[torch.Tensor]:
        """The backbone's maps, then the extra ones; fused, if they are to be."""
        maps = super().features(images)
        taken = [maps[number] for number in self._taken]
        x = maps[-1]
        for layer in self.extra:
            x = layer(x)
            taken.append(x)
        return taken if self.fusion is None else list(self.fusion(taken))


def map_channels(backbone: Backbone, strides: Sequence[int], extra: Sequence[int]) -> list[int]:
    """Channels of the maps of :class:`SSD`.

    :raises ConfigError: if the backbone has no map of such a stride.
    """
    known = dict(zip(backbone.strides, backbone.channels, strict=True))
    require(set(strides) <= known.keys(), "strides", f"among {', '.join(map(str, known))}", tuple(strides))
    return [*(known[stride] for stride in strides), *extra]


def halving_block(inputs: int, outputs: int, norm: Norm, *, separable: bool) -> nn.Sequential:
    """Squeeze the channels, halve the map, widen: (B, inputs, H, W) to (B, outputs, ceil(H / 2), ceil(W / 2))."""
    middle = outputs // 2
    part = partial(ConvNormActivation, norm=norm, activation=nn.ReLU6)
    if not separable:
        return nn.Sequential(part(inputs, middle, 1), part(middle, outputs, 3, 2))
    return nn.Sequential(part(inputs, middle, 1), part(middle, middle, 3, 2, middle), part(middle, outputs, 1))


def initialise(*modules: nn.Module, weights: Callable[[torch.Tensor], torch.Tensor] = NORMAL) -> None:
    """First weights of convolutions that are not pretrained, without bias."""
    for part in nn.ModuleList(modules).modules():
        if isinstance(part, nn.Conv2d):
            weights(part.weight)
            if part.bias is not None:
                nn.init.zeros_(part.bias)


def _blocks(channels: Sequence[int], shapes: Sequence[int], columns: int, norm: Norm | None) -> list[nn.Module]:
    return [_block(c, n * columns, norm) for c, n in zip(channels, shapes, strict=True)]


def _block(inputs: int, outputs: int, norm: Norm | None) -> nn.Module:
    if norm is None:
        return nn.Conv2d(inputs, outputs, 3, padding=1)
    depthwise = ConvNormActivation(inputs, inputs, 3, groups=inputs, norm=norm, activation=nn.ReLU6)
    return nn.Sequential(depthwise, nn.Conv2d(inputs, outputs, 1))
