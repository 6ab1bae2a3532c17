"""The supervised loop: learn, evaluate, keep the best; interrupted at any moment it goes on unharmed."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Mapping
from contextlib import ExitStack, closing, nullcontext
from pathlib import Path
from typing import Any, Generic, NamedTuple

import numpy as np

from dl_robotics import checkpoint
from dl_robotics.checkpoint import Checkpoint
from dl_robotics.data.collection import AnySample
from dl_robotics.data.split import Split
from dl_robotics.training.batches import Batches
from dl_robotics.training.curves import draw_curves
from dl_robotics.training.distributed import check_agreement, from_first, is_first, prepare_model, share_state
from dl_robotics.training.listener import Listener, Nobody, RunProgress
from dl_robotics.training.logging import NoLog, ScalarLog
from dl_robotics.training.loop_recipe import LoopRecipe
from dl_robotics.training.optimizers import make_optimizer
from dl_robotics.training.prefetch import prefetched
from dl_robotics.training.progress import Progress
from dl_robotics.training.sampling import Order, Shuffled
from dl_robotics.training.task import Batch, Example, SupervisedTask
from dl_robotics.training.threads import compute_threads
from dl_robotics.training.training_state import Counters, load_state, save_state
from dl_robotics.training.update import Update
from dl_robotics.training.weight_average import WeightAverage

BEST, LAST, STATE = "best.safetensors", "last.safetensors", "state.safetensors"
DECODED_AHEAD = 8  # validation samples that each worker may hold ready


class Outcome(NamedTuple):
    """How a run ended.

    :param score: of the best checkpoint; NaN without an evaluation.
    :param finished: whether it came to its end, rather than being told to stop.
    """

    step: int
    score: float
    best: Path
    finished: bool


class SupervisedTrainer(Generic[AnySample, Example, Batch]):
    """One run of the loop.

    The state is written in one step, and what it does not hold is a function of seed and step. So a run that is
    resumed ends with the weights of an uninterrupted one: on the CPU and with as many threads, bit for bit. Several
    processes (see ``distributed.py``) run it together, all with the same arguments; only the first uses the folder.

    :param folder: gets checkpoints, state, logs and curves.
    :param described: the whole recipe as plain data, for the checkpoints and to tell one run from another.
    :param resume: go on from the folder's state; begin at the beginning if there is none.
    :param order: which sample comes when; shuffled passes unless given.
    :raises TrainingError: if the state is of another run.
    """

    def __init__(
        self,
        task: SupervisedTask[AnySample, Example, Batch],
        data: Split[AnySample],
        recipe: LoopRecipe,
        folder: Path,
        *,
        described: Mapping[str, Any],
        resume: bool = False,
        order: Order | None = None,
    ) -> None:
        self.task, self.data, self.recipe, self.folder, self.described = task, data, recipe, folder, described
        self.total = recipe.steps or math.ceil((recipe.epochs or 0.0) * len(data.training) / recipe.batch_size)
        prepare_model(task.model, recipe.device, channels_last=recipe.channels_last)
        self.optimizer = make_optimizer(recipe.optimizer, task.model)
        self.average = WeightAverage(task.model, recipe.average) if recipe.average else None
        order = order or Shuffled(len(data.training), recipe.seed)
        self._batches = Batches(task, data.training, order, recipe.batch_size, recipe.workers)
        check_agreement(self._identity())
        self.counters, state = Counters(), folder / STATE
        if resume and is_first() and state.exists():
            self.counters = load_state(state, task.model, self.optimizer, self.average, self._identity())
        self.counters = share_state(self.counters, self.optimizer, self.average)
        self._update = Update(task, self.optimizer, recipe.schedule, self.total, recipe.max_grad_norm, recipe.seed)

    @property
    def score(self) -> float:
        """Of the best evaluation so far; NaN before any."""
        score = self.counters.selection.score
        return math.nan if score is None else score

    @property
    def finished(self) -> bool:
        """Whether there is nothing left to do."""
        return self.counters.step >= self.total or self.counters.selection.exhausted(self.recipe.patience)

    def run(self, listener: Listener | None = None) -> Outcome:
        """Train to the end, or until the listener wants to stop; the state is saved either way.

        A run that was stopped goes on when this is called again.

        :raises TrainingError: if loss or gradient are not finite.
        :raises DataError: if a sample cannot be decoded.
        """
        self._listener, done = listener or Nobody(), self.counters.step
        self._begun_s = self._saved_s = time.monotonic()
        self._saved_step = done
        with ExitStack() as stack:
            stack.enter_context(compute_threads(self.recipe.threads))
            self._log = stack.enter_context(ScalarLog(self.folder, done or None)) if is_first() else NoLog()
            shown = None if is_first() else stack.enter_context(Path(os.devnull).open("w", encoding="utf-8"))
            self._progress = stack.enter_context(Progress(self.total, shown, done=done))
            if not self.finished:
                self._loop()
        return Outcome(self.counters.step, self.score, self.folder / BEST, self.finished)

    def _loop(self) -> None:
        with closing(self._batches.between(self.counters.step, self.total)) as batches:
            for prepared in batches:
                self._step(self._update(self.counters.step + 1, prepared))
                stopping = self._listener.stopping()
                due = stopping or time.monotonic() - self._saved_s >= self.recipe.save_every_s
                if is_first() and due and self._saved_step != self.counters.step:
                    self._save()
                if stopping or self.finished:
                    return

    def _step(self, figures: dict[str, float]) -> None:
        """What follows an update."""
        counters = self.counters
        counters.step += 1
        counters.figures += (figures,)
        if self.average:
            self.average.update(counters.step)
        evaluating = counters.step == self.total or counters.step % self.recipe.evaluate_every == 0
        if evaluating or counters.step % self.recipe.log_every == 0:
            self._report()
        if evaluating:
            self._evaluate()
        self._listener.stepped(self._how_far(figures["loss"]))
        self._progress.update(counters.step, {"loss": figures["loss"], self.task.score: self.score})

    def _report(self) -> None:
        rows = self.counters.figures
        means = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
        times = {"elapsed_s": self._elapsed_s(), "waited_s": self._batches.waited_s}
        self._log.write("training", self.counters.step, {**means, **times})
        self.counters.figures = ()
        self._batches.waited_s = 0.0

    def _evaluate(self) -> None:
        counters = self.counters
        figures = from_first(self._judge() if is_first() else {})
        counters.selection = counters.selection.offer(figures[self.task.score], counters.step)
        self._log.write("evaluation", counters.step, figures)
        best = self.folder / BEST if counters.selection.stale == 0 else None
        if is_first():
            if best:
                checkpoint.save(best, self._checkpoint(figures))
            self._save(figures)
            draw_curves(self.folder, self.task.score)
        told = f"{self.task.score} {figures[self.task.score]:.4f}{' (kept)' if best else ''}"
        self._progress.note(f"evaluation after {counters.step} steps: {told}")
        self._listener.evaluated(counters.step, figures, best)

    def _judge(self) -> Mapping[str, float]:
        validation, workers = self.data.validation, self.recipe.workers
        with self.average.applied() if self.average else nullcontext():
            samples = prefetched(validation.__getitem__, range(len(validation)), workers, DECODED_AHEAD * workers)
            with closing(samples):
                return self.task.evaluate(samples)

    def _save(self, figures: Mapping[str, float] | None = None) -> None:
        """The state last: it speaks of nothing that is not there."""
        self.counters.elapsed_s, self._begun_s = self._elapsed_s(), time.monotonic()
        checkpoint.save(self.folder / LAST, self._checkpoint(figures or {}))
        save_state(self.folder / STATE, self.counters, self.task.model, self.optimizer, self.average, self._identity())
        self._saved_s, self._saved_step = time.monotonic(), self.counters.step

    def _checkpoint(self, figures: Mapping[str, float]) -> Checkpoint:
        return Checkpoint(
            kind=self.task.kind,
            weights=self.average.weights if self.average else self.task.model.state_dict(),
            config=self.task.config(),
            task={"recipe": dict(self.described)},
            metrics={"step": self.counters.step, **{n: v for n, v in figures.items() if math.isfinite(v)}},
            data_version=self.data.training.version,
        )

    def _identity(self) -> dict[str, Any]:
        """What must be equal for a run to be the same."""
        data = {"train": self.data.training.version, "validation": self.data.validation.version}
        return {"recipe": dict(self.described), "data": data}

    def _elapsed_s(self) -> float:
        return self.counters.elapsed_s + time.monotonic() - self._begun_s

    def _how_far(self, loss: float) -> RunProgress:
        counters = self.counters
        pace_s = self._elapsed_s() / counters.step
        return RunProgress(counters.step, self.total, loss, self.score, pace_s * (self.total - counters.step))
