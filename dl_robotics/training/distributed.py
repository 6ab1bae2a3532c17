"""Several processes that learn from every batch together, as ``torchrun`` starts them, on one machine or on many.

Each holds the model and takes its share of the rows of each batch; gradients are averaged. The result is that of one
process to rounding: the order of samples, their augmentation, dropout and norms are those of the whole batch. In a few
steps losses, metrics and, with SGD, weights stay within 1e-5. Adam makes whole steps of gradients that are nothing but
rounding, such as those of a shift that a norm takes out again. So runs part in the end whose sums have another order,
of one and two threads as of one and two processes: of the SSD detector, learning with AdamW at its full rate from new
weights, losses differ by 1e-3 after 8 to 30 steps either way, later with a warm-up. The first process alone evaluates,
logs and saves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

import torch
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel
from torch.optim import Optimizer

from dl_robotics.config import require
from dl_robotics.nn.processes import process_count, process_rank
from dl_robotics.nn.synchronised import synchronise, synchronise_norms
from dl_robotics.training.errors import TrainingError
from dl_robotics.training.task import SupervisedTask
from dl_robotics.training.training_state import Counters
from dl_robotics.training.weight_average import WeightAverage

Value = TypeVar("Value")
PATIENCE = timedelta(days=1)  # the others wait while the first process evaluates; torchrun ends them if it dies


@contextmanager
def joined_processes() -> Iterator[None]:
    """Join the processes that ``torchrun`` has started beside this one; without it, do nothing."""
    if not distributed.is_torchelastic_launched():
        yield
        return
    distributed.init_process_group("gloo", timeout=PATIENCE)
    try:
        yield
    finally:
        distributed.destroy_process_group()


def is_first() -> bool:
    """Whether this process is the one that evaluates, logs and saves; the only one is."""
    return process_rank() == 0


def from_first(value: Value) -> Value:
    """What the first process has, in all of them."""
    if process_count() == 1:
        return value
    box = [value]
    distributed.broadcast_object_list(box)
    return box[0]


def check_agreement(run: Mapping[str, Any]) -> None:
    """Refuse processes whose runs differ, in all of them.

    :raises TrainingError: naming a process and what differs.
    """
    runs: list[Any] = [run] * process_count()
    if process_count() > 1:
        distributed.all_gather_object(runs, run)
    for rank, other in enumerate(runs):
        for name, expected in runs[0].items():
            if other[name] != expected:
                told = f"expected {expected} as in process 0, got {other[name]}"
                raise TrainingError(f"process {rank}: {name}: {told}")


def averaged(figures: Mapping[str, float]) -> dict[str, float]:
    """Figures of a share of the batch to those of the whole batch."""
    if process_count() == 1:
        return dict(figures)
    values = torch.tensor(list(figures.values()), dtype=torch.float64)
    distributed.all_reduce(values)
    return dict(zip(figures, (values / process_count()).tolist(), strict=True))


def own_part(batch_size: int) -> range:
    """The rows of a batch that this process takes.

    :raises ConfigError: if the batch cannot be shared evenly.
    """
    count = process_count()
    require(batch_size % count == 0, "batch_size", f"a multiple of the {count} processes", batch_size)
    share = batch_size // count
    return range(process_rank() * share, (process_rank() + 1) * share)


def prepare_model(model: nn.Module, device: str, *, channels_last: bool) -> None:
    """Lay a model out in memory, with layers that agree among the processes, before anything holds on to them.

    :raises ConfigError: if a layer cannot agree, or processes share batches elsewhere than on the CPU.
    """
    on_cpu = torch.device(device).type == "cpu"
    if process_count() > 1:
        require(on_cpu, "device", "cpu where processes share batches", device)
        synchronise(model)
    elif on_cpu and channels_last:
        synchronise_norms(model)
    memory_format = torch.channels_last if channels_last else torch.contiguous_format
    model.to(device=device, memory_format=memory_format)  # type: ignore[call-overload]


def share_state(counters: Counters, optimizer: Optimizer, average: WeightAverage | None) -> Counters:
    """Let every process go on from where the first one is; the model's weights follow by :func:`averaging_loss`."""
    told = from_first((counters, optimizer.state_dict(), average.weights if average else {}))
    if not is_first():
        optimizer.load_state_dict(told[1])
    if average:
        average.weights.update(told[2])
    return told[0]


class AveragingLoss(nn.Module):
    """The loss of a task as a module, so that :class:`DistributedDataParallel` averages its gradients."""

    def __init__(self, task: SupervisedTask[Any, Any, Any]) -> None:
        super().__init__()
        self.model, self._task = task.model, task

    def forward(self, batch: Any) -> dict[str, torch.Tensor]:
        """Named parts of the loss."""
        return dict(self._task.loss(batch))


def averaging_loss(task: SupervisedTask[Any, Any, Any]) -> Any:
    """A task's ``loss``, whose gradients are averaged over the processes; all take over the first one's weights."""
    if process_count() == 1:
        return task.loss
    # Parts of a backbone may be of no use to a head: a graph that is said to be static may leave out parameters.
    return DistributedDataParallel(AveragingLoss(task), forward_sync_buffers=False, static_graph=True)
