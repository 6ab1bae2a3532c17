"""From settings or a checkpoint to a network."""

from __future__ import annotations

from pathlib import Path

from dl_robotics.inference.load import load_network
from dl_robotics.nn.backbones import build_backbone
from dl_robotics.segmentation.config import SegmenterConfig
from dl_robotics.segmentation.fcn import FCN
from dl_robotics.segmentation.lraspp import LRASPP
from dl_robotics.segmentation.network import SegmentationNetwork

KIND = "segmenter"  # of checkpoints


def build_model(settings: SegmenterConfig) -> SegmentationNetwork:
    """The network of a segmenter, with random first weights."""
    num_classes = len(settings.classes)
    if settings.architecture == "lraspp_mobilenet_v3_large":
        return LRASPP(num_classes)
    backbone = build_backbone(settings.backbone)
    return FCN(backbone, num_classes, settings.finest_stride, settings.fused_channels)


def load_model(path: str | Path) -> tuple[SegmentationNetwork, SegmenterConfig]:
    """The network of a checkpoint, in evaluation mode, and its settings.

    :raises CheckpointError: if the file is missing, damaged or no segmenter, or its weights do not fit its settings.
    :raises ConfigError: if its settings are not a segmenter's.
    """
    return load_network(path, KIND, SegmenterConfig, build_model)
