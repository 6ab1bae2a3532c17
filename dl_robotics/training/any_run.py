"""Runs of recipes of every kind, which tell themselves apart: ``task`` names what is learned from data, ``offline``
among them; recipes without one are for policies that learn from what they do.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from dl_robotics import config
from dl_robotics.config import require
from dl_robotics.training import offline, reinforcement
from dl_robotics.training.listener import Listener, RunProgress
from dl_robotics.training.offline_recipe import OfflineRecipe
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.runs import prepare_run
from dl_robotics.training.supervised import Outcome
from dl_robotics.training.supervised_recipe import SupervisedRecipe
from dl_robotics.training.tasks import TASKS, load_recipe

OFFLINE = "offline"
AnyRecipe: TypeAlias = SupervisedRecipe | Recipe | OfflineRecipe


class Run(Protocol):
    """What is left of a recipe when everything is ready: to be run, stopped, and run on."""

    def run(self, listener: Listener | None = None) -> Outcome:
        """Train to the end, or until the listener wants to stop; everything is saved either way."""


class PolicyRun:
    """A policy's training, by its own loop.

    :param resume: go on from the folder's state; begin at the beginning if there is none.
    """

    def __init__(self, recipe: Recipe | OfflineRecipe, folder: Path, resume: bool) -> None:
        self._recipe, self._folder, self._resume = recipe, folder, resume

    def run(self, listener: Listener | None = None) -> Outcome:
        """See :class:`Run`."""
        self._folder.mkdir(parents=True, exist_ok=True)
        followed, resume, self._resume = _Followed(listener), self._resume, True
        if isinstance(self._recipe, OfflineRecipe):
            statistics = offline.train(self._recipe, self._folder, resume, followed)
        else:
            statistics = reinforcement.train(self._recipe, self._folder, resume, followed)
        step = self._recipe.total_steps if followed.step is None else followed.step
        finished = not followed.stopped
        return Outcome(step, statistics.told_score, self._folder / reinforcement.BEST, finished)


class _Followed:
    """A listener, maybe none, and what it has heard and said."""

    def __init__(self, listener: Listener | None) -> None:
        self._listener = listener
        self.step: int | None = None
        self.stopped = False

    def stepped(self, progress: RunProgress) -> None:
        """Pass it on."""
        self.step = progress.step
        if self._listener:
            self._listener.stepped(progress)

    def evaluated(self, step: int, figures: Mapping[str, float], best: Path | None) -> None:
        """Pass it on."""
        if self._listener:
            self._listener.evaluated(step, figures, best)

    def stopping(self) -> bool:
        """Pass the answer on."""
        self.stopped = self._listener is not None and self._listener.stopping()
        return self.stopped


def load_any_recipe(path: str | Path, **overrides: Any) -> AnyRecipe:
    """A recipe from its file, of the class that it is for.

    :param overrides: values that replace the file's; dots reach inwards.
    :raises ConfigError: naming file and key of what cannot be used.
    """
    plain = config.read(path)
    if not isinstance(plain, Mapping) or "task" not in plain:
        return config.load(Recipe, path, **overrides)
    if plain["task"] == OFFLINE:
        return config.load(OfflineRecipe, path, **overrides)
    require(plain["task"] in TASKS, f"{path}: task", f"one of {', '.join((*TASKS, OFFLINE))}", plain["task"])
    return load_recipe(path, **overrides)


def prepare_any(recipe: AnyRecipe, folder: Path, *, resume: bool = False) -> Run:
    """Make a recipe's run ready, as far as that goes before it is run.

    :param resume: go on from the folder's state; begin at the beginning if there is none.
    :raises UserError: naming what cannot be used.
    """
    if isinstance(recipe, SupervisedRecipe):
        return prepare_run(recipe, folder, resume=resume)
    return PolicyRun(recipe, folder, resume)
