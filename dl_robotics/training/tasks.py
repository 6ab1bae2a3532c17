"""Every task that the supervised loop trains, by the name that recipes have for it.

A task is added in three steps:

1. ``TASK/learning.py`` holds a class with the methods of :class:`~dl_robotics.training.task.SupervisedTask`.
2. ``training/recipes/KIND.py`` holds the recipe, a frozen dataclass derived from
   :class:`~dl_robotics.training.supervised_recipe.SupervisedRecipe` that narrows ``task`` to its names, ``data`` to the
   dataclass (with ``paths``) that says where the samples are, and ``validation`` to a
   :class:`~dl_robotics.training.validation.ValidationConfig` with ``data`` narrowed in the same way; and the function
   that makes the task.
3. A line in :data:`TASKS` tells the recipe, how its data are opened (as a
   :class:`~dl_robotics.data.collection.Collection`), and the function. For ``evaluate``, a line in
   ``commands/judged.py`` tells the same of its checkpoints.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from dl_robotics import config
from dl_robotics.config import require
from dl_robotics.data.clips.open import open_clips
from dl_robotics.data.collection import AnyCollection
from dl_robotics.data.open import open_data
from dl_robotics.data.series.open import open_series
from dl_robotics.data.split import Split
from dl_robotics.training.recipes.actions import ActionRecipe, make_action
from dl_robotics.training.recipes.images import ImageRecipe, make_detection, make_segmentation
from dl_robotics.training.recipes.sequences import SequenceRecipe, make_sequences
from dl_robotics.training.supervised_recipe import SupervisedRecipe
from dl_robotics.training.task import SupervisedTask
from dl_robotics.training.validation import open_training_data

Task: TypeAlias = SupervisedTask[Any, Any, Any]


class Trainable(NamedTuple):
    """How a task comes from its recipe.

    :param recipe: the class of its recipes.
    :param open_data: opens what the recipe's ``data`` describes.
    :param make: the task with random first weights, from a recipe and the samples to learn from.
    """

    recipe: type[SupervisedRecipe]
    open_data: Callable[[Any], AnyCollection]
    make: Callable[[Any, Any], Task]


TASKS: Mapping[str, Trainable] = {
    "detection": Trainable(ImageRecipe, open_data, make_detection),
    "segmentation": Trainable(ImageRecipe, open_data, make_segmentation),
    "action": Trainable(ActionRecipe, open_clips, make_action),
    "sequences": Trainable(SequenceRecipe, open_series, make_sequences),
}


def load_recipe(path: str | Path, **overrides: Any) -> SupervisedRecipe:
    """A recipe from its file, of the class that its task has.

    :param overrides: values that replace the file's; dots reach inwards.
    :raises ConfigError: naming file and key of what cannot be used.
    """
    plain = config.override(config.read(path), overrides)
    name = str(plain.get("task")) if isinstance(plain, Mapping) else ""
    require(name in TASKS, f"{path}: task", f"one of {', '.join(TASKS)}", name)
    return config.load(TASKS[name].recipe, path, **overrides)


def open_split(recipe: SupervisedRecipe) -> Split[Any]:
    """The data of a recipe, with those set apart that judge.

    :raises DataError: naming the data that cannot be used.
    """
    return open_training_data(TASKS[recipe.task].open_data, recipe.data, recipe.validation)


def make_task(recipe: SupervisedRecipe, samples: AnyCollection) -> Task:
    """The task of a recipe, with random first weights.

    :param samples: to learn from; they name the classes.
    :raises ConfigError: if the recipe's ``model`` does not fit the task.
    :raises DataError: if a sample that has to be looked at cannot be used.
    """
    require("classes" not in recipe.model, "model.classes", "nothing: data.classes names them", recipe.model)
    return TASKS[recipe.task].make(recipe, samples)
