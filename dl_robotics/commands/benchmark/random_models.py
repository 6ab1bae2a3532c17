"""Checkpoints of networks that have learned nothing: as fast as any, and enough to measure nodes with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from dl_robotics import checkpoint, config
from dl_robotics.action import model as action
from dl_robotics.action.config import RecogniserConfig
from dl_robotics.checkpoint import Checkpoint
from dl_robotics.detection import model as detection
from dl_robotics.detection.config import detector_config
from dl_robotics.segmentation import model as segmentation
from dl_robotics.segmentation.config import SegmenterConfig

CLASSES = ("background", "ball", "box")


def save_random_detector(path: Path, classes: tuple[str, ...] = CLASSES, seed: int = 0, **settings: Any) -> Path:
    """Write a detector, which sees something or other in any image.

    :param settings: fields of ``DetectorConfig``.
    """
    torch.manual_seed(seed)
    described = detector_config(classes, settings)
    weights = detection.build_detector(described).state_dict()
    checkpoint.save(path, Checkpoint(detection.KIND, weights, config.to_dict(described)))
    return path


def save_random_segmenter(path: Path, classes: tuple[str, ...] = CLASSES, seed: int = 0, **settings: Any) -> Path:
    """Write a segmenter.

    :param settings: fields of ``SegmenterConfig``.
    """
    torch.manual_seed(seed)
    described = SegmenterConfig(classes=classes, **settings)
    weights = segmentation.build_model(described).state_dict()
    checkpoint.save(path, Checkpoint(segmentation.KIND, weights, config.to_dict(described)))
    return path


def save_random_recogniser(path: Path, classes: tuple[str, ...] = CLASSES[1:], seed: int = 0, **settings: Any) -> Path:
    """Write a recogniser of activities.

    :param settings: fields of ``RecogniserConfig``.
    """
    torch.manual_seed(seed)
    described = RecogniserConfig(classes=classes, **settings)
    weights = action.build_model(described).state_dict()
    checkpoint.save(path, Checkpoint(action.KIND, weights, config.to_dict(described)))
    return path
