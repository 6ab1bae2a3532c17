"""Starting from what was learned before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import nn

from dl_robotics import checkpoint
from dl_robotics.checkpoint import CheckpointError
from dl_robotics.config import ConfigError, require
from dl_robotics.nn.backbones import Backbone
from dl_robotics.nn.pretrained import load_backbone_weights
from dl_robotics.nn.weights import WeightsError, copy_fitting_weights, copy_weights
from dl_robotics.training.task import SupervisedTask


@dataclass(frozen=True)
class TransferConfig:
    """First weights; random ones where nothing is given. See also ``optimizer.backbone_rate``.

    :param checkpoint: a whole model of the same settings, to be trained on.
    :param new_classes: whether that model may have learned other classes, e.g. COCO's: weights whose shape depends on
        their number then begin at random.
    :param backbone: a file with the weights of the backbone alone, or of a model on the same backbone.
    :param frozen_stages: so many first stages of the backbone stay as they are.
    """

    checkpoint: str = ""
    new_classes: bool = False
    backbone: str = ""
    frozen_stages: int = 0

    def __post_init__(self) -> None:
        require(not (self.checkpoint and self.backbone), "backbone", "no backbone beside a checkpoint", self.backbone)
        require(bool(self.checkpoint) or not self.new_classes, "new_classes", "false without a checkpoint", True)
        require(self.frozen_stages >= 0, "frozen_stages", ">= 0", self.frozen_stages)


def apply_transfer(config: TransferConfig, task: SupervisedTask[Any, Any, Any], classes: Sequence[str]) -> None:
    """Give a task's model its first weights, and freeze what is not to learn.

    :param classes: of the data.
    :raises CheckpointError: if the checkpoint does not fit the model or the data's classes.
    :raises WeightsError: if the backbone's file does not fit it.
    :raises ConfigError: if the model has no backbone, or not so many stages.
    """
    if config.checkpoint:
        _load_model(config, task, classes)
    if config.backbone:
        load_backbone_weights(_backbone(task.model), Path(config.backbone))
    if config.frozen_stages:
        _backbone(task.model).freeze(config.frozen_stages)


def _load_model(config: TransferConfig, task: SupervisedTask[Any, Any, Any], classes: Sequence[str]) -> None:
    path = config.checkpoint
    found = checkpoint.load(path, task.kind)
    if not config.new_classes:
        _check_classes(path, list(classes), list(found.config.get("classes", ())))
    copy = copy_fitting_weights if config.new_classes else copy_weights
    try:
        copy(found.weights, task.model)
    except WeightsError as error:
        raise CheckpointError(f"{path}: does not fit the recipe's model: {error}") from error


def _check_classes(path: str, wanted: list[str], found: list[str]) -> None:
    if wanted != found:
        missing = f"; lacks {', '.join(lacking)}" if (lacking := [n for n in wanted if n not in found]) else ""
        extra = f"; has {', '.join(more)}" if (more := [n for n in found if n not in wanted]) else ""
        raise CheckpointError(
            f"{path}: classes: expected {wanted} as in the data, got {found}{missing}{extra}; "
            "transfer.new_classes takes it all the same"
        )


def _backbone(model: nn.Module) -> Backbone:
    backbone = getattr(model, "backbone", None)
    if not isinstance(backbone, Backbone):
        raise ConfigError(f"transfer: expected a model with a backbone, got {type(model).__name__}")
    return backbone
