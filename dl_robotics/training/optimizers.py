"""Optimisers: which parameters, at which rate, with which decay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from torch import nn
from torch.optim import SGD, Adam, AdamW, Optimizer

from dl_robotics.config import require

BACKBONE = "backbone."


@dataclass(frozen=True)
class OptimizerConfig:
    """How weights follow their gradients.

    :param learning_rate: before the schedule.
    :param momentum: of ``sgd``, with Nesterov's form.
    :param betas: of ``adam`` and ``adamw``.
    :param weight_decay: of weights only: norms' scales and biases are one-dimensional and are left alone.
    :param backbone_rate: multiplies the learning rate of the backbone.
    """

    kind: Literal["sgd", "adam", "adamw"] = "adamw"
    learning_rate: float = 1e-3
    momentum: float = 0.9
    betas: tuple[float, float] = (0.9, 0.999)
    weight_decay: float = 1e-4
    backbone_rate: float = 1.0

    def __post_init__(self) -> None:
        require(self.learning_rate > 0.0, "learning_rate", "> 0", self.learning_rate)
        require(0.0 <= self.momentum < 1.0, "momentum", "in [0, 1)", self.momentum)
        require(all(0.0 <= beta < 1.0 for beta in self.betas), "betas", "numbers in [0, 1)", self.betas)
        require(self.weight_decay >= 0.0, "weight_decay", ">= 0", self.weight_decay)
        require(self.backbone_rate > 0.0, "backbone_rate", "> 0", self.backbone_rate)


def make_optimizer(config: OptimizerConfig, model: nn.Module) -> Optimizer:
    """The optimiser of the parameters that are to learn; each group keeps its own rate as ``initial_lr``."""
    groups = _groups(config, model.named_parameters())
    if config.kind == "sgd":
        return SGD(groups, config.learning_rate, config.momentum, nesterov=config.momentum > 0.0, fused=True)
    kinds: dict[str, type[Adam]] = {"adam": Adam, "adamw": AdamW}
    return kinds[config.kind](groups, config.learning_rate, config.betas, fused=True)


def set_rate(optimizer: Optimizer, factor: float) -> None:
    """Let every group learn at ``factor`` times its own rate."""
    for group in optimizer.param_groups:
        group["lr"] = group["initial_lr"] * factor


def _groups(config: OptimizerConfig, parameters: Iterable[tuple[str, nn.Parameter]]) -> list[dict[str, Any]]:
    """Parameters that share rate and decay; groups and members in the model's own order."""
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in parameters:
        if parameter.requires_grad:
            rate = config.learning_rate * (config.backbone_rate if name.startswith(BACKBONE) else 1.0)
            decay = config.weight_decay if parameter.ndim > 1 else 0.0
            groups.setdefault((rate, decay), []).append(parameter)
    return [
        {"params": members, "lr": rate, "initial_lr": rate, "weight_decay": decay}
        for (rate, decay), members in groups.items()
    ]
