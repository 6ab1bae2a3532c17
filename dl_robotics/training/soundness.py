"""Numbers that are none stop a training where they come up, before they spoil networks and replay."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from dl_robotics.rl.replay import Batch
from dl_robotics.training.errors import TrainingError

DIVERGED = "learning has diverged, a lower learning rate may help"


def check_transitions(transitions: Batch, step: int) -> None:
    """Refuse a step of N environments with a number that is none, or of another shape than the last.

    :raises TrainingError: naming the environment and what it gave, or the policy if its actions are none.
    """
    obs, action, reward, next_obs = transitions[:4]
    if obs.shape != next_obs.shape:
        raise TrainingError(f"step {step}: expected observations of shape {obs.shape}, got {next_obs.shape}")
    # What came first is looked at first: what comes of it is none, too.
    check_numbers(f"step {step}", observation=obs)
    check_numbers(f"step {step}", hint=f": {DIVERGED}", action=action)
    check_numbers(f"step {step}", observation=next_obs, reward=reward)


def check_numbers(where: str, hint: str = "", **arrays: npt.NDArray[Any]) -> None:
    """Refuse infinity and NaN.

    :param arrays: (N, ...) by name; a row comes from an environment.
    :raises TrainingError: naming the first one: where, whose, which of its numbers.
    """
    for name, array in arrays.items():
        # A sum of squares is finite only if all are, and costs next to nothing; it may overflow, hence the second look.
        if math.isfinite(np.vdot(array, array)) or np.isfinite(array).all():
            continue
        row, *inner = np.argwhere(~np.isfinite(array))[0].tolist()
        number = f"{name}[{', '.join(map(str, inner))}]" if inner else name
        got = array[(row, *inner)]
        raise TrainingError(
            f"{where}: environment {row} of {len(array)}: {number}: expected a finite number, got {got}{hint}"
        )


def check_losses(figures: Iterable[Mapping[str, float]], step: int) -> None:
    """Refuse updates whose loss is no number.

    :raises TrainingError: naming the step.
    """
    for row in figures:
        if not math.isfinite(row.get("loss", 0.0)):
            raise TrainingError(f"step {step}: loss: expected a finite number, got {row['loss']}: {DIVERGED}")
