"""What a run has to remember to go on as if it had never been interrupted; a checkpoint file, so safe and whole.

Learning rate, order of the samples, augmentation and dropout are functions of seed and step: only weights, the
optimiser's moments, the best score and the figures that wait for the log have to be kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

from dl_robotics import checkpoint
from dl_robotics.checkpoint import Checkpoint
from dl_robotics.config import from_dict, to_dict
from dl_robotics.training.errors import TrainingError
from dl_robotics.training.selection import Selection
from dl_robotics.training.weight_average import WeightAverage

KIND = "training state"
Tensors = dict[str, torch.Tensor]


@dataclass
class Counters:
    """All but the tensors.

    :param step: updates done.
    :param figures: losses of the steps since the last line of the log.
    :param elapsed_s: of work, over all interruptions.
    """

    step: int = 0
    selection: Selection = field(default_factory=Selection)
    figures: tuple[dict[str, float], ...] = ()
    elapsed_s: float = 0.0


def save_state(
    path: Path,
    counters: Counters,
    model: nn.Module,
    optimizer: Optimizer,
    average: WeightAverage | None,
    run: Mapping[str, Any],
) -> None:
    """Write the state of a run in one step.

    :param run: what the run is: recipe and data, as plain data; only the same run may go on from here.
    """
    tensors = {
        **_named("model", model.state_dict()),
        **_named("average", average.weights if average else {}),
        **_named("optimizer", _moments(optimizer)),
    }
    checkpoint.save(path, Checkpoint(KIND, tensors, config={"counters": to_dict(counters), "run": dict(run)}))


def load_state(
    path: Path, model: nn.Module, optimizer: Optimizer, average: WeightAverage | None, run: Mapping[str, Any]
) -> Counters:
    """Let model, optimiser and average be as they were saved.

    :raises TrainingError: if the state is of another run, naming what differs.
    :raises CheckpointError: if the file cannot be used.
    """
    saved = checkpoint.load(path, KIND)
    check_same(path, saved.config["run"], run)
    model.load_state_dict(_unnamed("model", saved.weights))
    if average:
        for name, weight in _unnamed("average", saved.weights).items():
            average.weights[name].copy_(weight)
    _restore_moments(optimizer, _unnamed("optimizer", saved.weights))
    return from_dict(Counters, saved.config["counters"])


def check_same(path: Path, saved: Any, run: Any, where: str = "") -> None:
    """Refuse a run that differs, by the dotted key of the first difference."""
    if isinstance(saved, Mapping) and isinstance(run, Mapping):
        for key in sorted({*saved, *run}):
            check_same(path, saved.get(key), run.get(key), f"{where}.{key}" if where else key)
    elif saved != run:
        raise TrainingError(f"{path}: {where}: expected {saved!r} as in the run to be resumed, got {run!r}")


def _named(prefix: str, tensors: Mapping[str, torch.Tensor]) -> Tensors:
    return {f"{prefix}/{name}": tensor for name, tensor in tensors.items()}


def _unnamed(prefix: str, tensors: Mapping[str, torch.Tensor]) -> Tensors:
    start = f"{prefix}/"
    return {name.removeprefix(start): tensor for name, tensor in tensors.items() if name.startswith(start)}


def _moments(optimizer: Optimizer) -> Tensors:
    """What an optimiser remembers of each parameter, as INDEX/NAME."""
    state = optimizer.state_dict()["state"]
    return {f"{index}/{name}": moment for index, moments in state.items() for name, moment in moments.items()}


def _restore_moments(optimizer: Optimizer, moments: Tensors) -> None:
    state: dict[int, Tensors] = {}
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    for key, moment in moments.items():
        index, name = key.split("/")
        # Fused optimisers walk through memory: a moment must lie there in its parameter's order.
        like = parameters[int(index)] if moment.ndim else moment
        state.setdefault(int(index), {})[name] = torch.empty_like(like, requires_grad=False).copy_(moment)
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})
