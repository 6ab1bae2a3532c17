"""What the supervised loop can be told, whatever the task."""

from __future__ import annotations

from dataclasses import dataclass, field

from dl_robotics.config import require
from dl_robotics.training.optimizers import OptimizerConfig
from dl_robotics.training.schedules import ScheduleConfig


@dataclass(frozen=True, kw_only=True)
class LoopRecipe:
    """A step is one update with one batch.

    :param epochs: passes over the training samples; may be a fraction. Give either this or ``steps``.
    :param batch_size: samples of one update; batches run on from one pass into the next, so that all are full.
    :param max_grad_norm: longer gradients are cut to this length (Pascanu et al. 2013); None leaves them.
    :param average: decay of the moving average of the weights that is evaluated and kept; None for none.
    :param patience: evaluations without a better score after which training ends; None for never.
    :param evaluate_every: steps between evaluations; there is always one at the end.
    :param log_every: steps between lines of the log.
    :param save_every_s: seconds of work between saves of the training state, on top of those at evaluations.
    :param seed: of everything; equal seeds and threads give equal weights on the CPU.
    :param threads: that compute.
    :param workers: threads that decode and augment beside them.
    :param channels_last: whether weights lie in memory with the channels last: a step of MobileNetV2 takes 0.7 of the
        time, one of the small backbone as long as otherwise.
    """

    epochs: float | None = None
    steps: int | None = None
    batch_size: int = 16
    optimizer: OptimizerConfig = field(default_factory=OptimizerConfig)
    schedule: ScheduleConfig = field(default_factory=ScheduleConfig)
    max_grad_norm: float | None = None
    average: float | None = None
    patience: int | None = None
    evaluate_every: int = 500
    log_every: int = 20
    save_every_s: float = 60.0
    seed: int = 0
    threads: int = 1
    workers: int = 1
    device: str = "cpu"
    channels_last: bool = True

    def __post_init__(self) -> None:
        require((self.epochs is None) != (self.steps is None), "epochs", "either epochs or steps", self.epochs)
        require(self.epochs is None or self.epochs > 0.0, "epochs", "> 0", self.epochs)
        for name in ("steps", "patience"):
            require(getattr(self, name) is None or getattr(self, name) >= 1, name, ">= 1", getattr(self, name))
        for name in ("batch_size", "evaluate_every", "log_every", "threads", "workers"):
            require(getattr(self, name) >= 1, name, ">= 1", getattr(self, name))
        for name in ("save_every_s", "seed"):
            require(getattr(self, name) >= 0, name, ">= 0", getattr(self, name))
        require(self.max_grad_norm is None or self.max_grad_norm > 0.0, "max_grad_norm", "> 0", self.max_grad_norm)
        require(self.average is None or 0.0 < self.average < 1.0, "average", "in (0, 1)", self.average)
