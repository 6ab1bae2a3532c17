"""Models of signals, which learn from series: their activity, their future, what is odd about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np

from dl_robotics.config import from_dict, require
from dl_robotics.data.collection import Collection
from dl_robotics.data.series.config import SeriesConfig
from dl_robotics.data.series.series import Series
from dl_robotics.sequences.augmentation import AugmentationConfig
from dl_robotics.sequences.baselines import find_period
from dl_robotics.sequences.classification import ClassificationTask
from dl_robotics.sequences.config import SequenceConfig
from dl_robotics.sequences.forecasting import ForecastTask
from dl_robotics.sequences.oddities import AnomalyTask
from dl_robotics.sequences.scaling import measure
from dl_robotics.training.recipes.naming import NamingRecipe
from dl_robotics.training.validation import ValidationConfig

SequenceTask: TypeAlias = ClassificationTask | ForecastTask
MEASURED = ("channels", "signals", "rate_hz", "mean", "std", "errors")  # what the data tell
LOOKED_AT = 256  # samples in which a season is looked for


@dataclass(frozen=True)
class SeriesValidation(ValidationConfig):
    """See :class:`ValidationConfig`."""

    data: SeriesConfig | None = None


@dataclass(frozen=True, kw_only=True)
class SequenceRecipe(NamingRecipe):
    """How a sequence model is trained.

    :param data: where the series are. For forecasts and anomalies, ``window`` is history and horizon together.
    """

    task: Literal["sequences"]
    data: SeriesConfig
    validation: SeriesValidation = field(default_factory=SeriesValidation)
    augmentation: AugmentationConfig = field(default_factory=AugmentationConfig)


def make_sequences(recipe: SequenceRecipe, samples: Collection[Series]) -> SequenceTask:
    """A sequence model to be trained: its signals and their statistics are those of the samples."""
    settings = settings_of(recipe.model, samples)
    if settings.goal == "classify":
        return ClassificationTask(settings, recipe.augmentation, recipe.label_smoothing)
    return (ForecastTask if settings.goal == "forecast" else AnomalyTask)(settings, recipe.augmentation)


def settings_of(model: Mapping[str, Any], samples: Collection[Series]) -> SequenceConfig:
    """A recipe's settings of the model, and what is measured on the samples to learn from.

    ``length`` is the first sample's (less the horizon) unless the recipe names it.

    :raises ConfigError: for settings that cannot be used, or that the data tell.
    """
    told = [name for name in MEASURED if name in model]
    require(not told, f"model.{told[0] if told else ''}", "nothing: the data tell it", told)
    first, statistics = samples[0], measure(samples[index] for index in range(len(samples)))
    length = len(first.values) - int(model.get("horizon", 0))
    found = {
        "length": length,
        "channels": first.signals.channels,
        "signals": first.signals.topics,
        "rate_hz": first.signals.rate_hz * _share_of_steps(model, len(first.values)),
        "classes": samples.classes,
        "mean": statistics.mean.tolist(),
        "std": statistics.std.tolist(),
    }
    if model.get("goal", "classify") != "classify" and not model.get("seasonal_period"):
        found["seasonal_period"] = _season(samples, int(model.get("length", length)))
    return from_dict(SequenceConfig, {**model, **{k: v for k, v in found.items() if k not in model}}, "model")


def _share_of_steps(model: Mapping[str, Any], steps: int) -> float:
    """By how much a clip's rate changes when it is stretched to the network's length."""
    length = int(model.get("length", steps))
    return (length - 1) / (steps - 1) if model.get("goal", "classify") == "classify" and steps > 1 else 1.0


def _season(samples: Collection[Series], longest: int) -> int:
    """The period of samples spread over the data."""
    chosen = np.unique(np.linspace(0, len(samples) - 1, LOOKED_AT).round().astype(np.int64))
    return find_period((samples[index] for index in chosen.tolist()), max(1, longest))
