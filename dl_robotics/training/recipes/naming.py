"""What recipes of all tasks share that name samples by one class."""

from __future__ import annotations

from dataclasses import dataclass

from dl_robotics.config import require
from dl_robotics.training.supervised_recipe import SupervisedRecipe


@dataclass(frozen=True, kw_only=True)
class NamingRecipe(SupervisedRecipe):
    """How what names samples is trained.

    :param label_smoothing: share of the target spread evenly over all classes (Szegedy et al. 2016), in [0, 1).
    """

    label_smoothing: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        require(0.0 <= self.label_smoothing < 1.0, "label_smoothing", "in [0, 1)", self.label_smoothing)
