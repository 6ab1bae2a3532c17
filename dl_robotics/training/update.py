"""One step of learning."""

from __future__ import annotations

import math
from typing import Any, Generic

import numpy as np
import torch
from torch import nn
from torch.optim import Optimizer

from dl_robotics.training.batches import Prepared
from dl_robotics.training.distributed import averaged, averaging_loss
from dl_robotics.training.errors import TrainingError
from dl_robotics.training.optimizers import set_rate
from dl_robotics.training.schedules import ScheduleConfig
from dl_robotics.training.task import Batch, SupervisedTask


class Update(Generic[Batch]):
    """Loss, gradient, step of the optimiser.

    :param total: steps of the run.
    :param max_grad_norm: longer gradients are cut to this length; None leaves them.
    :param seed: of what the network itself draws, such as dropout.
    """

    def __init__(
        self,
        task: SupervisedTask[Any, Any, Batch],
        optimizer: Optimizer,
        schedule: ScheduleConfig,
        total: int,
        max_grad_norm: float | None,
        seed: int,
    ) -> None:
        self._model, self._optimizer, self._schedule, self._total = task.model, optimizer, schedule, total
        self._loss = averaging_loss(task)
        self._max_norm, self._seed = math.inf if max_grad_norm is None else max_grad_norm, seed
        self._learning = [p for group in optimizer.param_groups for p in group["params"]]

    def __call__(self, step: int, prepared: Prepared[Batch]) -> dict[str, float]:
        """Learn from a batch.

        :param step: counted from 1.
        :returns: the loss and its parts, the length of the gradient, and the learning rate of the first group.
        :raises TrainingError: if loss or gradient are not finite; the weights are then as before.
        """
        self._model.train()
        torch.manual_seed(int(np.random.SeedSequence((self._seed, step)).generate_state(1)[0]))
        set_rate(self._optimizer, self._schedule.factor(step, self._total))
        parts = self._loss(prepared.batch)
        loss = torch.stack(list(parts.values())).sum()
        figures = averaged({"loss": loss.item(), **{name: part.item() for name, part in parts.items()}})
        _check_finite(step, figures, prepared)
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        norm = nn.utils.clip_grad_norm_(self._learning, self._max_norm).item()
        _check_finite(step, {"gradient_norm": norm}, prepared)
        self._optimizer.step()
        return {**figures, "gradient_norm": norm, "learning_rate": self._optimizer.param_groups[0]["lr"]}


def _check_finite(step: int, figures: dict[str, float], prepared: Prepared[Any]) -> None:
    if not all(map(math.isfinite, figures.values())):
        told = ", ".join(f"{name} {value:g}" for name, value in figures.items())
        sources = ", ".join(prepared.sources)
        raise TrainingError(f"step {step}: expected finite numbers, got {told}; the batch: {sources}")
