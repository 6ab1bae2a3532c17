"""From a configuration to the network, and to what its numbers mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import numpy as np
import torch
from torch import nn

from dl_robotics.config import require
from dl_robotics.detection import ssd300, ssdlite
from dl_robotics.detection.coding import Coding, PriorCoding
from dl_robotics.detection.config import Architecture, DetectorConfig
from dl_robotics.detection.grid import Grid, GridHead
from dl_robotics.detection.grid_coding import GridCoding
from dl_robotics.detection.priors import Size, aspect_ratios, priors_of
from dl_robotics.detection.pyramid import FeaturePyramid
from dl_robotics.detection.ssd import SSD, ExtendedSSD, SSDHead, halving_block, initialise, map_channels
from dl_robotics.inference.load import load_network
from dl_robotics.nn.backbones import build_backbone

NORM = partial(nn.BatchNorm2d, eps=1e-3, momentum=0.03)
Network: TypeAlias = SSD | Grid
KIND = "detector"  # of checkpoints


def build_detector(config: DetectorConfig) -> Network:
    """The network with random first weights.

    :return: a module whose ``forward`` takes normalised images (B, 3, H, W) and gives class logits (B, A, C) and box
        offsets (B, A, 4); :func:`make_coding` tells their meaning. Its ``backbone`` can be pretrained.
    :raises ConfigError: if the parts do not fit together.
    """
    model = BUILDERS[config.architecture](config)
    if config.prior_probability:
        model.head.expect_background(config.prior_probability)
    return model


def load_model(path: str | Path) -> tuple[Network, DetectorConfig]:
    """The network of a checkpoint, in evaluation mode, and its configuration.

    :raises CheckpointError: if the file is missing, damaged or no detector, or its weights do not fit its settings.
    :raises ConfigError: if its settings are not a detector's.
    """
    return load_network(path, KIND, DetectorConfig, build_detector)


def make_coding(config: DetectorConfig, match_iou: float = 0.5) -> Coding:
    """What the network's numbers mean, at the image size of the configuration."""
    maps = map_sizes(config)
    if config.architecture != "grid":
        return PriorCoding(priors_of(config, maps), match_iou)
    rows, columns = maps[0]
    step = (config.image_width / columns, config.image_height / rows)
    return GridCoding(rows, columns, step, np.array(config.anchors, np.float32))


def map_sizes(config: DetectorConfig) -> list[Size]:
    """Heights and widths of the feature maps, found without computing them."""
    with torch.device("meta"), torch.no_grad():
        images = torch.empty(1, 3, config.image_height, config.image_width)
        return [(x.shape[2], x.shape[3]) for x in build_detector(config).eval().features(images)]


def _ssd(config: DetectorConfig) -> ExtendedSSD:
    backbone = build_backbone(config.backbone)
    channels = map_channels(backbone, config.strides, config.extra_channels)
    fusion = FeaturePyramid(channels, config.pyramid_channels, NORM) if config.pyramid_channels else None
    seen = [config.pyramid_channels or own for own in channels]
    separable = config.head == "separable"
    head = SSDHead(seen, _shapes(config, len(channels)), len(config.classes), NORM if separable else None)
    ends = (backbone.channels[-1], *config.extra_channels)
    extra = [halving_block(a, b, NORM, separable=separable) for a, b in pairwise(ends)]
    initialise(head, *extra)
    return ExtendedSSD(backbone, head, config.strides, extra, fusion)


def _grid(config: DetectorConfig) -> Grid:
    require(len(config.anchors) > 0, "anchors", "one or more, e.g. clustered from the training boxes", config.anchors)
    backbone = build_backbone(config.backbone)
    channels = map_channels(backbone, config.strides, ())
    return Grid(backbone, GridHead(sum(channels), len(config.anchors), len(config.classes)), config.strides)


def _ssd300(config: DetectorConfig) -> SSD:
    head = SSDHead(ssd300.CHANNELS, _shapes(config, len(ssd300.CHANNELS)), len(config.classes))
    initialise(head, weights=nn.init.xavier_uniform_)
    return SSD(ssd300.VGGFeatures(), head)


def _ssdlite(config: DetectorConfig) -> SSD:
    shapes = _shapes(config, len(ssdlite.CHANNELS))
    head = SSDHead(ssdlite.CHANNELS, shapes, len(config.classes), ssdlite.NORM)
    initialise(head)
    return SSD(ssdlite.MobileNetFeatures(), head)


def _shapes(config: DetectorConfig, maps: int) -> list[int]:
    """Number of priors at one place of each map: two squares, and two for each ratio."""
    return [2 + 2 * len(ratios) for ratios in aspect_ratios(config, maps)]


BUILDERS: Mapping[Architecture, Callable[[DetectorConfig], Network]] = {
    "ssd": _ssd,
    "grid": _grid,
    "ssd300_vgg16": _ssd300,
    "ssdlite320_mobilenet_v3_large": _ssdlite,
}
