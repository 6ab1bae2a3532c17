"""Recorded transitions: what was seen, done and earned, in the order in which it happened.

In an ``.npz`` file: ``obs`` (n, D), ``action`` (n, A) in [-1, 1] or (n,) indices, ``reward`` (n,), ``next_obs`` (n, D),
``terminated`` (n,), ``ended`` (n,): whether the episode ended here, by termination, time-out or the recording's end;
``low`` and ``high`` (A,), the box that continuous actions span, or ``actions``, the number of discrete ones; optional
``task``, as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dl_robotics.config import ConfigError
from dl_robotics.data.errors import DataError
from dl_robotics.data.npz import Arrays, check_array, load_arrays
from dl_robotics.data.views import digest
from dl_robotics.rl.replay import Batch
from dl_robotics.rl.spaces import ActionSpace, Continuous, Discrete

Mask = npt.NDArray[np.bool_]
FLOATS, FLAGS = ("obs", "reward", "next_obs"), ("terminated", "ended")
COLUMNS = (*FLOATS, "action", "terminated")


@dataclass(frozen=True, eq=False)
class Transitions:
    """n transitions.

    :param batch: of one step each, in order.
    :param ended: (n,) whether an episode ends here; between two that do not lie no gap.
    :param space: what was chosen from.
    :param task: as plain data, where there is one.
    """

    batch: Batch
    ended: Mask
    space: ActionSpace
    task: Mapping[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ended)

    @property
    def obs_dim(self) -> int:
        """D."""
        return int(self.batch.obs.shape[1])

    @cached_property
    def version(self) -> str:
        """A digest of everything."""
        arrays = (self.batch.obs, self.batch.action, self.batch.reward, self.batch.terminated, self.ended)
        return digest(str(self.space), *(array.tobytes() for array in arrays))

    @property
    def episodes(self) -> npt.NDArray[np.int64]:
        """(n,) number of each one's episode."""
        return np.concatenate([[0], np.cumsum(self.ended[:-1])]).astype(np.int64)

    def rows(self, rows: npt.NDArray[Any]) -> Batch:
        """The transitions of these numbers, or where this is true, as copies."""
        return _fields(self.batch, lambda value: value[rows])

    def where(self, chosen: Mask) -> Transitions:
        """Some of them, by whole episodes."""
        return replace(self, batch=self.rows(chosen), ended=self.ended[chosen])

    def save(self, path: Path) -> None:
        """Write an ``.npz`` file."""
        space: dict[str, Any] = {}
        if isinstance(self.space, Discrete):
            space["actions"] = np.array(self.space.count)
        else:
            space["low"], space["high"] = np.array(self.space.low), np.array(self.space.high)
        arrays = {name: getattr(self.batch, name) for name in COLUMNS}
        np.savez_compressed(path, **arrays, ended=self.ended, **space, task=np.array(json.dumps(self.task)))


def load_transitions(path: Path) -> Transitions:
    """Read an ``.npz`` file.

    :raises DataError: naming file and array of what is missing or does not fit.
    """
    arrays = load_arrays(path, *FLOATS, "action", "terminated", "ended")
    count = len(arrays["reward"]) if arrays["reward"].ndim == 1 else 0
    check_array(count > 0, path, "reward", "one number a transition, at least one", arrays["reward"].shape)
    space = _space(path, arrays)
    shapes = {"obs": arrays["obs"].shape[1:], "next_obs": arrays["obs"].shape[1:], "reward": ()}
    check_array(len(shapes["obs"]) == 1, path, "obs", "(n, D)", arrays["obs"].shape)
    shapes["action"] = () if isinstance(space, Discrete) else (len(space.low),)
    for name in (*FLOATS, "action"):
        values = arrays[name]
        check_array(values.shape == (count, *shapes[name]), path, name, f"{(count, *shapes[name])}", values.shape)
        check_array(
            values.dtype.kind in "fiu" and bool(np.isfinite(values).all()), path, name, "finite numbers", "others"
        )
    for name in FLAGS:
        fits = arrays[name].shape == (count,) and arrays[name].dtype.kind == "b"
        check_array(fits, path, name, f"{count} flags", f"{arrays[name].dtype} {arrays[name].shape}")
    _check_actions(path, arrays["action"], space)
    floats = {name: arrays[name].astype(np.float32) for name in FLOATS}
    action = arrays["action"].astype(np.int64 if isinstance(space, Discrete) else np.float32)
    obs, reward, next_obs = floats.values()
    batch = Batch(obs, action, reward, next_obs, arrays["terminated"])
    ended = arrays["ended"] | arrays["terminated"]
    return Transitions(batch, ended, space, _task(path, arrays))


def joined(parts: Sequence[Transitions], names: Sequence[str]) -> Transitions:
    """Several recordings as one; none goes on in the next.

    :param names: of the recordings, for the error.
    :raises DataError: if they are not of the same robot and task.
    """
    first = parts[0]
    for part, name in zip(parts, names, strict=True):
        for what in ("obs_dim", "space", "task"):
            ours, theirs = getattr(first, what), getattr(part, what)
            if ours != theirs:
                raise DataError(f"{name}: {what}: expected that of {names[0]}, {ours}; got {theirs}")
        part.ended[-1] = True
    columns = {name: np.concatenate([getattr(part.batch, name) for part in parts]) for name in COLUMNS}
    return replace(first, batch=first.batch._replace(**columns), ended=np.concatenate([part.ended for part in parts]))


def _fields(batch: Batch, change: Any) -> Batch:
    return batch._replace(**{name: change(getattr(batch, name)) for name in COLUMNS})


def _space(path: Path, arrays: Arrays) -> ActionSpace:
    try:
        if "actions" in arrays:
            return Discrete(int(arrays["actions"]))
        for name in ("low", "high"):
            check_array(name in arrays, path, name, "the bounds of the actions, or their number as actions", "neither")
        return Continuous(tuple(map(float, arrays["low"])), tuple(map(float, arrays["high"])))
    except (ConfigError, TypeError, ValueError) as error:
        raise DataError(f"{path}: actions: {error}") from error


def _check_actions(path: Path, action: npt.NDArray[Any], space: ActionSpace) -> None:
    if isinstance(space, Discrete):
        inside = action.dtype.kind in "iu" and bool(((action >= 0) & (action < space.count)).all())
        check_array(inside, path, "action", f"indices from 0 to {space.count - 1}", "others")
    else:
        # A little beyond is a matter of rounding; what learns cuts to the box itself.
        check_array(bool((np.abs(action) <= 1.0 + 1e-3).all()), path, "action", "numbers in [-1, 1]", "others")


def _task(path: Path, arrays: Arrays) -> Mapping[str, Any]:
    if "task" not in arrays:
        return {}
    try:
        task = json.loads(str(arrays["task"]))
    except ValueError as error:
        raise DataError(f"{path}: task: expected JSON: {error}") from error
    check_array(isinstance(task, dict), path, "task", "a mapping", task)
    return dict(task)
