"""A recipe of the supervised loop: all that a run depends on, read from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dl_robotics.training.loop_recipe import LoopRecipe
from dl_robotics.training.transfer import TransferConfig
from dl_robotics.training.validation import ValidationConfig


@dataclass(frozen=True, kw_only=True)
class SupervisedRecipe(LoopRecipe):
    """What every task has; the recipes of ``recipes/`` say more, each of one kind of data.

    :param task: a name of :data:`~dl_robotics.training.tasks.TASKS`.
    :param data: where the labelled samples are: a dataclass with ``paths``.
    :param model: settings of the network and of its loss, as the task has them; the classes come from the data.
    """

    task: str
    data: Any
    validation: ValidationConfig = field(default_factory=ValidationConfig)
    model: Mapping[str, Any] = field(default_factory=dict)
    transfer: TransferConfig = field(default_factory=TransferConfig)
