"""Recorded transitions as recipes name them: bags of drives, and arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dl_robotics import config
from dl_robotics.config import require
from dl_robotics.data.errors import DataError
from dl_robotics.data.recorded_drive import DriveTopics
from dl_robotics.data.transitions import Transitions, joined, load_transitions
from dl_robotics.navigation.recorded_transitions import read_transitions
from dl_robotics.navigation.task import Task
from dl_robotics.resources import shipped


@dataclass(frozen=True)
class TransitionsConfig:
    """Where recorded transitions are.

    :param paths: bags (see ``data/recorded_drive.py``) and ``.npz`` files (see ``data/transitions.py``).
    :param task: by which bags are read: the name of a shipped task, or its file. Where there is an environment, its
        own task is used unless one is named here.
    :param topics: of bags.
    :param readable_part: use what can be read of damaged bags.
    """

    paths: tuple[str, ...]
    task: str = ""
    topics: DriveTopics = field(default_factory=DriveTopics)
    readable_part: bool = False

    def __post_init__(self) -> None:
        require(len(self.paths) >= 1, "paths", "at least one", self.paths)


def open_transitions(told: TransitionsConfig, own_task: Mapping[str, Any] | None = None) -> Transitions:
    """All of them, one recording after the other.

    :param own_task: of the environment, as plain data, for bags where ``told`` names none.
    :raises DataError: naming the file, and topic or array, that cannot be used.
    :raises ConfigError: for bags without a task.
    """
    parts = [_open(Path(path), told, own_task or {}) for path in told.paths]
    return joined(parts, told.paths)


def _open(path: Path, told: TransitionsConfig, own_task: Mapping[str, Any]) -> Transitions:
    if not path.exists():
        raise DataError(f"{path}: expected a bag or an .npz file of transitions, it does not exist")
    if path.suffix == ".npz":
        return load_transitions(path)
    if told.task:
        task = config.load(Task, shipped("tasks", told.task, ".yaml"))
    else:
        require(len(own_task) > 0, "task", "the task by which to read a bag", told.task)
        task = config.from_dict(Task, own_task, where="task")
    return read_transitions(path, task, told.topics, told.readable_part)
