"""How a reinforcement run goes on from what an earlier part of it left in its folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from dl_robotics import __version__, checkpoint, config
from dl_robotics.training.episodes import EpisodeStatistics
from dl_robotics.training.errors import TrainingError
from dl_robotics.training.logging import ScalarLog
from dl_robotics.training.progress import Progress
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.run_state import SavedState, finished_result, remove_states


def finished_before(recipe: Recipe, best: Path) -> EpisodeStatistics | None:
    """How well the run ended if it has finished, which is told; None if it has not.

    States that an interruption at the very end has left are removed. Nothing else changes.

    :param best: the run's policy, which has to be there.
    :raises TrainingError: if the run that finished is another, naming what differs.
    :raises CheckpointError: if a file of the finished run cannot be used.
    """
    result = finished_result(best.parent, config.to_dict(recipe))
    if result is None:
        return None
    checkpoint.load(best, recipe.algorithm.kind)
    if not recipe.keep_finished:
        remove_states(best.parent)
    with Progress(recipe.total_steps, done=recipe.total_steps) as progress:
        progress.note(f"{best.parent}: finished before, after {recipe.total_steps} steps: {result}")
    return result


def restore(saved: SavedState, load: Callable[[dict[str, Any]], None], progress: Progress, log: ScalarLog) -> None:
    """Let a trainer be as it was saved, and tell which newer states could not be used.

    :param load: the trainer's ``load_state_dict``.
    :raises TrainingError: if the state is none that this version writes.
    """
    for reason in saved.damaged:
        note = f"{reason}; going on from {saved.path.name}, after {saved.step} steps"
        progress.note(note)
        log.note(saved.step, note)
    try:
        load(saved.state)
    except (KeyError, TypeError, ValueError) as error:
        expected = f"the state of a run as version {__version__} writes it"
        raise TrainingError(f"{saved.path}: expected {expected}, got another: {error!r}") from error
