"""Variations of training images; boxes and masks move with the image."""

from dl_robotics.data.augmentation.augment import augment
from dl_robotics.data.augmentation.config import AugmentationConfig

__all__ = ["AugmentationConfig", "augment"]
