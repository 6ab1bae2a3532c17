"""Drives of a scripted driver or a policy, told instant by instant: what a recording of them would hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from dl_robotics.navigation.driver import Driver, DriverMaker
from dl_robotics.navigation.fleet import driver_in, rooms_of
from dl_robotics.navigation.room import Room
from dl_robotics.navigation.suite import Suite
from dl_robotics.sim.engine import Array, Beams


class Moment(NamedTuple):
    """One instant of a drive; what was sensed is that of one robot, see :class:`~.driver.Senses`.

    :param command: forward m/s, yaw rate rad/s, the answer to it; None at the end.
    """

    ranges: Array
    pose: Array
    velocity: Array
    command: tuple[float, float] | None
    collided: bool


class Demonstration(NamedTuple):
    """One episode.

    :param beams: of the lidar.
    :param goal: (2,) m in the frame of the poses.
    """

    beams: Beams
    period_s: float
    goal: Array
    moments: list[Moment]
    reached: bool


def demonstrate(suite: Suite, make: DriverMaker, episodes: int, noise: float, seed: int) -> Iterator[Demonstration]:
    """Drive through the first ``episodes`` scenarios of a suite.

    :param noise: standard deviation of what is added to each command, as a share of half the range it may take: a
        recording of one way alone teaches nothing of others.
    :param seed: of the noise.
    """
    rng = np.random.default_rng(seed)
    for rooms in rooms_of(suite, episodes):
        for room in rooms:
            yield from _drive(room, driver_in([room], make), noise, rng)


def _drive(room: Room, driver: Driver, noise: float, rng: np.random.Generator) -> Iterator[Demonstration]:
    task, goals = room.task, room.episodes.goal.copy()
    moments, reached = [list[Moment]() for _ in room.numbers], np.zeros(len(room.numbers), np.bool_)
    low, high = np.array([task.action.linear_mps, task.action.angular_radps]).T
    running = room.everyone
    while len(running):
        senses = room.senses().of(running)
        drawn = rng.normal(0.0, noise, (len(running), 2)) * (high - low) / 2.0
        commands = np.clip(driver(senses) + drawn, low, high)
        for row, robot in enumerate(running.tolist()):
            given = float(commands[row, 0]), float(commands[row, 1])
            moments[robot].append(_moment(room, robot, senses.ranges[row], given, False))
        room.last_command[:] = 0.0
        room.last_command[running] = commands
        outcome = room.episodes.advance(room.last_command)
        ended = outcome.terminated | outcome.truncated
        last = room.senses().ranges
        for robot in running[ended[running]].tolist():
            moments[robot].append(_moment(room, robot, last[robot], None, bool(outcome.collision[robot])))
            reached[robot] = outcome.success[robot]
        running = running[~ended[running]]
    for goal, told, success in zip(goals, moments, reached, strict=True):
        yield Demonstration(task.lidar.beams, task.control_period_s, goal, told, bool(success))


def _moment(room: Room, robot: int, ranges: Array, command: tuple[float, float] | None, collided: bool) -> Moment:
    engine = room.episodes.engine
    return Moment(ranges.copy(), engine.pose[robot].copy(), engine.velocity[robot].copy(), command, collided)
