"""Transitions out of a recorded drive: what a policy would have seen, what was done, and what it would have earned."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dl_robotics import config
from dl_robotics.data.errors import DataError
from dl_robotics.data.recorded_drive import DriveTopics, Instant, read_drive
from dl_robotics.data.transitions import Transitions
from dl_robotics.navigation.observation import Observations, resample
from dl_robotics.navigation.sensed_episode import Command, SensedEpisode
from dl_robotics.navigation.stage import Sensed
from dl_robotics.navigation.task import ActionSpec, Task
from dl_robotics.ops.geometry import planar
from dl_robotics.rl.replay import Batch
from dl_robotics.rl.spaces import ActionSpace, Continuous, Discrete

EARLY = 0.1  # of a control period, by which a scan may come early and still count
LATE = 1.5  # control periods without a scan that break an episode
JUMP_M = 0.3  # beyond what can be driven: the robot was put elsewhere


class _Row(NamedTuple):
    """One transition, and whether the episode ends with it."""

    obs: Observations
    action: npt.NDArray[Any]
    reward: float
    next_obs: Observations
    terminated: bool
    ended: bool


def read_transitions(path: Path, task: Task, topics: DriveTopics, readable_part: bool = False) -> Transitions:
    """The transitions of a bag, at the rate of a task.

    An episode begins with a goal, and ends at the goal, with a collision, after the task's time limit, with another
    goal, or where the recording has a gap; only the first two are terminations.

    :raises DataError: naming bag and topic of what cannot be used, or if there is no transition.
    """
    instants = read_drive(path, topics, readable_part)
    try:
        rows = list(_rows(_at_rate(instants, task), task))
    except ValueError as error:  # of a lidar that is not the task's
        raise DataError(f"{path}: {topics.scan}: {error}") from error
    if not rows:
        commanded, aimed = (sum(getattr(i, what) is not None for i in instants) for what in ("command", "goal"))
        got = f"{len(instants)} scans, {commanded} of them with a command and {aimed} with a goal"
        raise DataError(f"{path}: expected scans that were answered by commands on the way to a goal, got {got}")
    columns = [np.stack(column) for column in zip(*rows, strict=True)]
    obs, action, reward, next_obs, terminated, ended = columns
    ended[-1] = True
    batch = Batch(obs, action, reward.astype(np.float32), next_obs, terminated)
    return Transitions(batch, ended, _space(task.action), config.to_dict(task))


def action_of(spec: ActionSpec, command: Command) -> npt.NDArray[Any]:
    """What a policy would have chosen: the nearest row of the table, or numbers in [-1, 1]."""
    low, high = np.array([spec.linear_mps, spec.angular_radps]).T
    if spec.kind == "discrete":
        gaps = (np.array(spec.table) - command) / (high - low)
        return np.asarray(np.linalg.norm(gaps, axis=1).argmin(), np.int64)
    return np.asarray(np.clip(2.0 * (np.array(command) - low) / (high - low) - 1.0, -1.0, 1.0), np.float32)


def _rows(instants: Sequence[Instant], task: Task) -> Iterator[_Row]:
    """Walk through the recording; a row is handed on when it is known whether its episode goes on."""
    episode: SensedEpisode | None = None
    over = -1  # number of the last goal that was reached or missed for good
    waiting: _Row | None = None
    for before, now in pairwise(instants):
        goal = before.goal
        whole = goal is not None and before.command is not None and _follows(before, now, task)
        if waiting and not (whole and episode and now.goal and goal):
            yield waiting._replace(ended=True)
            waiting, episode = None, None
        if goal is None or before.command is None or not whole or goal.number == over or before.collided:
            continue
        if episode is None:
            episode = SensedEpisode(task, _sensed(before, goal.position, task))
        obs = episode.obs
        changed = now.goal is None or now.goal.number != goal.number
        position = goal.position if now.goal is None or changed else now.goal.position
        outcome = episode.advance(before.command, _sensed(now, position, task), now.collided)
        terminated, late = bool(outcome.terminated[0]), bool(outcome.truncated[0])
        row = _Row(
            obs, action_of(task.action, before.command), float(outcome.reward[0]), episode.obs, terminated, False
        )
        if waiting:
            yield waiting
        waiting = row
        if terminated or late or changed:
            yield row._replace(ended=True)
            waiting, episode = None, None
            over = goal.number if terminated or late else over
    if waiting:
        yield waiting._replace(ended=True)


def _at_rate(instants: Sequence[Instant], task: Task) -> list[Instant]:
    """Those at which a control period begins; a collision between two of them is the later one's."""
    due, kept, collided = -math.inf, list[Instant](), False
    for instant in instants:
        collided = collided or instant.collided
        if instant.scan.stamp_ns >= due:
            kept.append(instant._replace(collided=collided))
            due, collided = instant.scan.stamp_ns + (1.0 - EARLY) * task.control_period_s * 1e9, False
    return kept


def _follows(before: Instant, now: Instant, task: Task) -> bool:
    """Whether one control period lies between, and the robot drove from the one to the other."""
    elapsed_s = (now.scan.stamp_ns - before.scan.stamp_ns) * 1e-9
    driven_m = float(np.linalg.norm(now.odometry.pose[:2, 3] - before.odometry.pose[:2, 3]))
    fastest_mps = max(map(abs, task.action.linear_mps))
    return elapsed_s < LATE * task.control_period_s and driven_m <= fastest_mps * elapsed_s + JUMP_M


def _sensed(instant: Instant, goal: tuple[float, float], task: Task) -> Sensed:
    odometry = instant.odometry
    velocity = float(odometry.linear[0]), float(odometry.angular[2])
    return Sensed(resample(instant.scan, task.lidar.beams), planar(odometry.pose), velocity, goal)


def _space(spec: ActionSpec) -> ActionSpace:
    """What :func:`~dl_robotics.navigation.action.action_space` gives, as learners have it."""
    return Discrete(len(spec.table)) if spec.kind == "discrete" else Continuous((-1.0, -1.0), (1.0, 1.0))
