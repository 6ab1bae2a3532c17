"""What a reinforcement run has to remember, on disk: nested dictionaries of arrays and plain data.

A file is a checkpoint, so safe to load and whole: tensors by their path of keys, everything else as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from dl_robotics import checkpoint
from dl_robotics.checkpoint import Checkpoint
from dl_robotics.training.training_state import check_same

KIND = "reinforcement state"
PATTERN = "state-*.safetensors"
Tensors = dict[str, torch.Tensor]


def save_state(folder: Path, step: int, state: Mapping[str, Any], run: Mapping[str, Any], keep: int) -> None:
    """Write a run's state after a step; remove all but the last ``keep`` states.

    :param run: what the run is, as plain data; only the same run may go on from here.
    """
    tensors: Tensors = {}
    plain = _split(state, "", tensors)
    path = folder / f"state-{step:012}.safetensors"
    checkpoint.save(path, Checkpoint(KIND, tensors, config={"step": step, "state": plain, "run": dict(run)}))
    for old in saved_states(folder)[:-keep]:
        old.unlink()


def load_state(folder: Path, run: Mapping[str, Any]) -> tuple[int, dict[str, Any]] | None:
    """The newest state of a folder's run, and its step; None if none was saved yet.

    :raises TrainingError: if the state is of another run, naming what differs.
    :raises CheckpointError: if the file cannot be used; without it, the run goes on from the one before.
    """
    states = saved_states(folder)
    if not states:
        return None
    saved = checkpoint.load(states[-1], KIND)
    check_same(states[-1], saved.config["run"], run)
    state = saved.config["state"]
    for name, tensor in saved.weights.items():
        *outer, inner = name.split("/")
        place = state
        for key in outer:
            place = place[key]
        place[inner] = tensor.numpy()
    return int(saved.config["step"]), state


def saved_states(folder: Path) -> list[Path]:
    """The folder's states, the newest last."""
    return sorted(folder.glob(PATTERN))


def _split(state: Mapping[str, Any], where: str, tensors: Tensors) -> dict[str, Any]:
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
