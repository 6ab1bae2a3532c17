"""Every task that the supervised loop trains, by the name that recipes have for it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import Any, TypeAlias

from dl_robotics.config import from_dict, require
from dl_robotics.data.sample import LabelledImages, Sample
from dl_robotics.detection.config import detector_config
from dl_robotics.detection.learning import DetectionTask, with_anchors
from dl_robotics.segmentation.config import SegmenterConfig
from dl_robotics.segmentation.learning import SegmentationTask, count_pixels
from dl_robotics.training.prefetch import prefetched
from dl_robotics.training.supervised_recipe import SupervisedRecipe
from dl_robotics.training.task import SupervisedTask

Task: TypeAlias = SupervisedTask[Any, Any]
DECODED_AHEAD = 8


def make_task(recipe: SupervisedRecipe, samples: LabelledImages) -> Task:
    """The task of a recipe, with random first weights.

    :param samples: to learn from; they name the classes.
    :raises ConfigError: if the recipe's ``model`` does not fit the task.
    :raises DataError: if a sample that has to be looked at cannot be used.
    """
    require("classes" not in recipe.model, "model.classes", "nothing: data.classes names them", recipe.model)
    return TASKS[recipe.task](recipe, samples)


def _detection(recipe: SupervisedRecipe, samples: LabelledImages) -> Task:
    settings = detector_config(samples.classes, recipe.model)
    # Nothing is decoded where no anchors are needed.
    return DetectionTask(with_anchors(settings, _decoded(samples, recipe.workers), recipe.seed), recipe.augmentation)


def _segmentation(recipe: SupervisedRecipe, samples: LabelledImages) -> Task:
    settings = from_dict(SegmenterConfig, {**recipe.model, "classes": samples.classes}, "model")
    if settings.loss.class_weights == "equal":
        return SegmentationTask(settings, recipe.augmentation)
    counts = count_pixels(_decoded(samples, recipe.workers), len(settings.classes))
    return SegmentationTask(settings, recipe.augmentation, counts)


def _decoded(samples: LabelledImages, workers: int) -> Generator[Sample, None, None]:
    return prefetched(samples.__getitem__, range(len(samples)), workers, DECODED_AHEAD * workers)


TASKS: Mapping[str, Callable[[SupervisedRecipe, LabelledImages], Task]] = {
    "detection": _detection,
    "segmentation": _segmentation,
}
