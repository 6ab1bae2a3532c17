"""A training run in a thread of its own, so that the node that holds it stays responsive."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple, TypeAlias

from dl_robotics.errors import UserError
from dl_robotics.training.any_run import Run
from dl_robotics.training.exportable import export_checkpoint, is_exportable
from dl_robotics.training.listener import RunProgress
from dl_robotics.training.supervised import Outcome

Prepare: TypeAlias = Callable[[], Run]


class Ended(NamedTuple):
    """How a run came to rest.

    :param success: whether it came to its end.
    :param message: a sentence for people.
    :param checkpoint: path of the best one, or empty.
    :param score: of the best checkpoint, or NaN.
    """

    success: bool
    message: str
    checkpoint: str
    score: float


class TrainingThread:
    """Runs, stops and goes on; ``progress`` is how far it is, None before the first step; ``exported``
    what became of the best checkpoint's export, at the end.

    :param prepare: opens the data and builds the model; called once, in the thread.
    """

    def __init__(self, prepare: Prepare) -> None:
        self._prepare = prepare
        self._trainer: Run | None = None
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="training")
        self._stop = threading.Event()
        self._work: Future[Outcome] = Future()
        self._work.cancel()  # nothing to wait for yet
        self._bests: deque[Path] = deque()
        self.progress: RunProgress | None = None
        self.exported = ""

    @property
    def running(self) -> bool:
        """Whether it is at work."""
        return not self._work.done()

    def start(self) -> None:
        """Begin, or go on."""
        self._stop.clear()
        self._work = self._pool.submit(self._run)

    def ask_to_stop(self) -> None:
        """Let it save and stop after the step it is at; an evaluation is brought to its end."""
        self._stop.set()

    def close(self) -> None:
        """Stop, and return when everything is saved and the thread has ended."""
        self.ask_to_stop()
        self._pool.shutdown()

    def wait(self) -> Ended:
        """Wait until it is at rest, and tell how it came to that; :meth:`start` comes first.

        What is raised in the thread, and is not the user's to mend, is raised here.
        """
        try:
            outcome = self._work.result()
        except (UserError, OSError) as error:
            return Ended(False, f"failed: {error}", "", math.nan)
        how = "finished" if outcome.finished else "stopped, and can be resumed,"
        best = str(outcome.best) if outcome.best.exists() else ""
        told = f"{how} after {outcome.step} steps; best score {outcome.score:.4f}"
        return Ended(outcome.finished, told, best, outcome.score)

    def take_best(self) -> Path | None:
        """The newest best checkpoint, once."""
        best = None
        while self._bests:
            best = self._bests.popleft()
        return best

    def stepped(self, progress: RunProgress) -> None:
        """See :class:`~dl_robotics.training.listener.Listener`, also below."""
        self.progress = progress

    def evaluated(self, step: int, figures: Mapping[str, float], best: Path | None) -> None:
        """Remember a new best checkpoint."""
        if best is not None:
            self._bests.append(best)

    def stopping(self) -> bool:
        """Whether it was asked to stop."""
        return self._stop.is_set()

    def _run(self) -> Outcome:
        if self._trainer is None:
            self._trainer = self._prepare()
        outcome = self._trainer.run(self)
        if outcome.finished and is_exportable(outcome.best):
            self.exported = export_checkpoint(outcome.best)
        return outcome
