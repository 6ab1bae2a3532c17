"""Segmenters that others trained on COCO with Pascal VOC's classes: the file that torchvision publishes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from dl_robotics.checkpoint import Checkpoint
from dl_robotics.config import to_dict
from dl_robotics.nn.pretrained import load_published
from dl_robotics.segmentation.config import SegmenterConfig
from dl_robotics.segmentation.model import KIND, build_model

ARCHITECTURE: Final = "lraspp_mobilenet_v3_large"
VOC_CLASSES = (
    *("background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow"),
    *("diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor"),
)
HEIGHT, WIDTH = 480, 640  # near the 520 pixels of the shorter side that the weights were judged at


def load_torchvision(path: str | Path, classes: tuple[str, ...] = VOC_CLASSES) -> Checkpoint:
    """A checkpoint, to be saved and loaded as any other, from a state dict of torchvision's LR-ASPP.

    :param path: the ``.pth`` file.
    :param classes: names by class id; torchvision's file has VOC's 21.
    :raises WeightsError: if the file cannot be read, or does not fit the architecture with so many classes.
    """
    config = SegmenterConfig(classes=classes, architecture=ARCHITECTURE, image_height=HEIGHT, image_width=WIDTH)
    model = build_model(config)
    load_published(model, path, f"{ARCHITECTURE} with {len(classes)} classes")
    return Checkpoint(KIND, model.state_dict(), to_dict(config), licence="as the file's makers say")
