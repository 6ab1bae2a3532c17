"""Recognisers of activities, which learn from clips of joints."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from dl_robotics.action.augmentation import ClipAugmentation
from dl_robotics.action.config import RecogniserConfig
from dl_robotics.action.learning import ActionTask
from dl_robotics.config import from_dict, require
from dl_robotics.data.clips.config import ClipsConfig
from dl_robotics.data.clips.open import Clips
from dl_robotics.training.recipes.naming import NamingRecipe
from dl_robotics.training.validation import ValidationConfig


@dataclass(frozen=True)
class ClipValidation(ValidationConfig):
    """See :class:`ValidationConfig`."""

    data: ClipsConfig | None = None


@dataclass(frozen=True, kw_only=True)
class ActionRecipe(NamingRecipe):
    """How a recogniser of activities is trained.

    :param data: where the labelled clips are.
    """

    task: Literal["action"]
    data: ClipsConfig
    validation: ClipValidation = field(default_factory=ClipValidation)
    augmentation: ClipAugmentation = field(default_factory=ClipAugmentation)


def make_action(recipe: ActionRecipe, samples: Clips) -> ActionTask:
    """A recogniser to be trained; classes and layout are the data's.

    :raises ConfigError: for a model of another layout.
    """
    require("layout" not in recipe.model, "model.layout", "nothing: data.layout names it", recipe.model)
    named = {**recipe.model, "classes": samples.classes, "layout": recipe.data.layout}
    settings = from_dict(RecogniserConfig, named, "model")
    return ActionTask(settings, recipe.augmentation, recipe.label_smoothing)
