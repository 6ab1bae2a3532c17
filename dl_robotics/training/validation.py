"""What a run learns from, and what it is judged on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dl_robotics.config import require
from dl_robotics.data.collection import AnyCollection, AnySample, Collection
from dl_robotics.data.config import SplitConfig
from dl_robotics.data.errors import DataError
from dl_robotics.data.split import Split, folds, split


@dataclass(frozen=True)
class ValidationConfig:
    """Where validation samples come from: data of their own, one fold of several, or else a split of the data.

    :param data: data of their own, described as the training data are.
    :param split: how a part of the data is set apart.
    :param folds: number of parts of a cross-validation; 0 for none.
    :param fold: the one that validates, counted from 0.
    """

    data: Any = None
    split: SplitConfig = field(default_factory=SplitConfig)
    folds: int = 0
    fold: int = 0

    def __post_init__(self) -> None:
        require(self.folds == 0 or self.folds >= 2, "folds", "0, or 2 and more", self.folds)
        require(self.folds == 0 or self.data is None, "folds", "0 beside validation data", self.folds)
        require(0 <= self.fold < max(1, self.folds), "fold", f"0 to {max(1, self.folds) - 1}", self.fold)


def open_training_data(
    open_data: Callable[[Any], Collection[AnySample]], data: Any, validation: ValidationConfig
) -> Split[AnySample]:
    """Open the data and set the validation samples apart.

    :param open_data: makes a collection of what ``data`` and ``validation.data`` describe.
    :raises DataError: naming what cannot be used, is empty, or has other classes.
    """
    everything = open_data(data)
    check_not_empty(everything, f"data.paths: {', '.join(data.paths)}")
    if validation.data is not None:
        judged = open_data(validation.data)
        check_not_empty(judged, f"validation.data.paths: {', '.join(validation.data.paths)}")
        if judged.classes != everything.classes:
            expected, got = ", ".join(everything.classes), ", ".join(judged.classes)
            raise DataError(f"validation.data: expected the classes of the training data, {expected}; got {got}")
        return Split(everything, judged)
    if validation.folds:
        parts = folds(everything, validation.folds, validation.split.seed, validation.split.guard)
        return parts[validation.fold]
    return split(everything, validation.split)


def check_not_empty(samples: AnyCollection, where: str) -> None:
    """Refuse data without a single sample.

    :raises DataError: naming where they were looked for.
    """
    if not len(samples):
        raise DataError(f"{where}: expected labelled samples, got none")
