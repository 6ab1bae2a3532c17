"""A recipe of the supervised loop: all that a run depends on, read from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from dl_robotics.data.augmentation.config import AugmentationConfig
from dl_robotics.data.config import DataConfig
from dl_robotics.training.loop_recipe import LoopRecipe
from dl_robotics.training.transfer import TransferConfig
from dl_robotics.training.validation import ValidationConfig


@dataclass(frozen=True, kw_only=True)
class SupervisedRecipe(LoopRecipe):
    """How a detector or a segmenter is trained.

    :param data: where the labelled images are.
    :param model: settings of the network and of its loss, as the task has them; the classes come from the data.
    """

    task: Literal["detection", "segmentation"]
    data: DataConfig
    validation: ValidationConfig = field(default_factory=ValidationConfig)
    model: Mapping[str, Any] = field(default_factory=dict)
    augmentation: AugmentationConfig = field(default_factory=AugmentationConfig)
    transfer: TransferConfig = field(default_factory=TransferConfig)
