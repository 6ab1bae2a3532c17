"""Detectors and segmenters, which learn from labelled images."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Literal

from dl_robotics.config import from_dict
from dl_robotics.data.augmentation.config import AugmentationConfig
from dl_robotics.data.config import DataConfig
from dl_robotics.data.sample import LabelledImages, Sample
from dl_robotics.detection.config import detector_config
from dl_robotics.detection.learning import DetectionTask, with_anchors
from dl_robotics.segmentation.config import SegmenterConfig
from dl_robotics.segmentation.learning import SegmentationTask, count_pixels
from dl_robotics.training.prefetch import prefetched
from dl_robotics.training.supervised_recipe import SupervisedRecipe
from dl_robotics.training.validation import ValidationConfig

DECODED_AHEAD = 8


@dataclass(frozen=True)
class ImageValidation(ValidationConfig):
    """See :class:`ValidationConfig`."""

    data: DataConfig | None = None


@dataclass(frozen=True, kw_only=True)
class ImageRecipe(SupervisedRecipe):
    """How a detector or a segmenter is trained.

    :param data: where the labelled images are.
    """

    task: Literal["detection", "segmentation"]
    data: DataConfig
    validation: ImageValidation = field(default_factory=ImageValidation)
    augmentation: AugmentationConfig = field(default_factory=AugmentationConfig)


def make_detection(recipe: ImageRecipe, samples: LabelledImages) -> DetectionTask:
    """A detector to be trained, its anchors fitted to the samples where the recipe asks for that."""
    settings = detector_config(samples.classes, recipe.model)
    # Nothing is decoded where no anchors are needed.
    return DetectionTask(with_anchors(settings, _decoded(samples, recipe.workers), recipe.seed), recipe.augmentation)


def make_segmentation(recipe: ImageRecipe, samples: LabelledImages) -> SegmentationTask:
    """A segmenter to be trained, its classes counted in the samples where the recipe weighs them."""
    settings = from_dict(SegmenterConfig, {**recipe.model, "classes": samples.classes}, "model")
    if settings.loss.class_weights == "equal":
        return SegmentationTask(settings, recipe.augmentation)
    counts = count_pixels(_decoded(samples, recipe.workers), len(settings.classes))
    return SegmentationTask(settings, recipe.augmentation, counts)


def _decoded(samples: LabelledImages, workers: int) -> Generator[Sample, None, None]:
    return prefetched(samples.__getitem__, range(len(samples)), workers, DECODED_AHEAD * workers)
