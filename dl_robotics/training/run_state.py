"""What a reinforcement run has to remember, on disk: nested dictionaries of arrays and plain data.

A file is a checkpoint, so safe to load and whole: tensors by their path of keys, everything else as JSON. While a run
goes on, its last states lie in its folder, each with all that it takes to go on. Once it has finished, they are of no
use: ``finished.safetensors``, which only tells how well it ended, takes their place.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from dl_robotics import checkpoint
from dl_robotics.checkpoint import Checkpoint, CheckpointError
from dl_robotics.training.episodes import EpisodeStatistics
from dl_robotics.training.errors import TrainingError
from dl_robotics.training.training_state import check_same

KIND, FINISHED_KIND = "reinforcement state", "finished reinforcement"
PATTERN, FINISHED = "state-*.safetensors", "finished.safetensors"
Tensors = dict[str, torch.Tensor]
Plain = Mapping[str, Any]


class SavedState(NamedTuple):
    """What a run goes on from."""

    path: Path
    step: int
    state: dict[str, Any]
    damaged: list[str]  # why newer files were passed over, each naming its file


def save_state(folder: Path, step: int, state: Plain, run: Plain, keep: int) -> None:
    """Write a run's state after a step; remove all but the last ``keep`` states.

    States of later steps are removed, too: they could not be used, or the run would have gone on from them.

    :param run: what the run is, as plain data; only the same run may go on from here.
    """
    tensors: Tensors = {}
    plain = _split(state, "", tensors)
    path = folder / f"state-{step:012}.safetensors"
    checkpoint.save(path, Checkpoint(KIND, tensors, config={"step": step, "state": plain, "run": dict(run)}))
    states = saved_states(folder)
    newest = states.index(path) + 1
    _remove([*states[: max(0, newest - keep)], *states[newest:]])


def load_state(folder: Path, run: Plain) -> SavedState | None:
    """The newest state of a folder's run that can be used; None if none was saved yet.

    :raises TrainingError: if the state is of another run, naming what differs, or no state can be used.
    """
    damaged: list[str] = []
    states = saved_states(folder)
    for path in reversed(states):
        try:
            saved = checkpoint.load(path, KIND)
        except CheckpointError as error:
            damaged.append(str(error))
            continue
        check_same(path, saved.config["run"], run)
        return SavedState(path, int(saved.config["step"]), _joined(saved), damaged)
    if states:
        raise TrainingError(f"{folder}: expected a training state to go on from, got {'; '.join(damaged)}")
    return None


def finish(folder: Path, result: EpisodeStatistics, run: Plain, keep: bool) -> None:
    """Note that a run has finished.

    :param result: the evaluation of the policy that was kept.
    :param keep: whether its states stay, although nothing needs them.
    """
    statistics = torch.tensor(result, dtype=torch.float64)
    checkpoint.save(folder / FINISHED, Checkpoint(FINISHED_KIND, {"best": statistics}, config={"run": dict(run)}))
    if not keep:
        remove_states(folder)


def remove_states(folder: Path) -> None:
    """Remove all states of a folder's run."""
    _remove(saved_states(folder))


def finished_result(folder: Path, run: Plain) -> EpisodeStatistics | None:
    """How well the folder's run ended; None if it has not finished.

    :raises TrainingError: if the run that finished is another, naming what differs.
    :raises CheckpointError: if the file that tells cannot be used.
    """
    path = folder / FINISHED
    if not path.exists():
        return None
    saved = checkpoint.load(path, FINISHED_KIND)
    check_same(path, saved.config["run"], run)
    return EpisodeStatistics(*saved.weights["best"].tolist())


def saved_states(folder: Path) -> list[Path]:
    """The folder's states, the newest last."""
    return sorted(folder.glob(PATTERN))


def _remove(paths: list[Path]) -> None:
    for path in paths:
        path.unlink()


def _joined(saved: Checkpoint) -> dict[str, Any]:
    """What :func:`_split` took apart."""
    state: dict[str, Any] = saved.config["state"]
    for name, tensor in saved.weights.items():
        *outer, inner = name.split("/")
        place = state
        for key in outer:
            place = place[key]
        place[inner] = tensor.numpy()
    return state


def _split(state: Plain, where: str, tensors: Tensors) -> dict[str, Any]:
    """The plain data; arrays go to ``tensors``."""
    plain: dict[str, Any] = {}
    for key, value in state.items():
        if isinstance(value, Mapping):
            plain[key] = _split(value, f"{where}{key}/", tensors)
        elif isinstance(value, np.ndarray):
            tensors[f"{where}{key}"] = torch.from_numpy(np.ascontiguousarray(value))
        else:
            plain[key] = value
    return plain
