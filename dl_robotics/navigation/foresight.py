"""A planner that knows all that its scenario will bring: the ceiling for drivers that only sense.

It searches each robot's way once, in space and time, among what stands and along the future of what moves, within the
robot's own limits of speed and acceleration, and then drives it. Friction, mass and latency are known to it, too. What
it does not reach, nobody could have reached, or only by a hair.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from dl_robotics.navigation.driver import SIDE_BY_SIDE, Senses
from dl_robotics.navigation.foreknowledge import Situation
from dl_robotics.navigation.foresight_search import REACHED, Grain, search
from dl_robotics.navigation.foresight_steps import Place
from dl_robotics.navigation.room import Room
from dl_robotics.navigation.task import Task
from dl_robotics.sim.engine import Array
from dl_robotics.sim.world import Model

COARSE = Grain(periods=4, cell_m=0.06, yaw=math.radians(15.0), rate=1.0, states=200_000, weight=1.2)
FINE = Grain(periods=2, cell_m=0.03, yaw=math.radians(7.5), rate=0.5, states=300_000, weight=1.5)
TURNS = (0.0, 0.25, -0.25, 0.5, -0.5, 1.0, -1.0)  # commanded yaw rates, of the greatest
MARGIN_M = 0.001  # for what rounds differently here and in the engine


class Foresight:
    """Drives robots along the ways that it found for them in :meth:`foresee`, which must come first."""

    def __init__(self, task: Task, robot: Model) -> None:
        self._ways: list[Array] = [np.empty((0, 2))] * SIDE_BY_SIDE
        self._steps = np.zeros(SIDE_BY_SIDE, np.int64)

    def foresee(self, rooms: Sequence[Room]) -> None:
        """Find a way for every robot in some rooms, where all are at their starts."""
        for room in rooms:
            for env, robot in enumerate(room.robots):
                _, self._ways[robot] = find_way(room.situation(env))
        self._steps[:] = 0

    def __call__(self, senses: Senses) -> Array:
        """Commands (N, 2); rest where a way has ended."""
        ahead = [self._ways[robot][self._steps[robot] :] for robot in senses.robot]
        self._steps[senses.robot] += 1
        return np.array([way[0] if len(way) else (0.0, 0.0) for way in ahead])


def find_way(situation: Situation, grains: Sequence[Grain] = (COARSE, FINE)) -> tuple[bool, Array]:
    """(periods, 2) commands that lead to the goal; if there is no way, those of the longest one without contact.

    :param grains: to search at, one after the other, until a way is found.
    :return: whether they lead there, and the commands.
    """
    known, robot, commands = situation.known(), situation.robot(MARGIN_M), commands_of(situation.task)
    x, y, yaw = situation.scenario.start.pose[0].tolist()
    start = Place(x, y, yaw, 0.0, 0.0, 0.0, 0.0)
    way = np.empty((0, 2))
    for grain in grains:
        found, way = search(start, commands, situation.periods, grain, robot, known)
        if found == REACHED:
            return True, way
    return False, way


def commands_of(task: Task) -> Array:
    """(k, 2) commands that are tried; the fastest way ahead first."""
    (slowest, fastest), (_, turning) = task.action.linear_mps, task.action.angular_radps
    speeds = sorted({fastest, fastest / 2.0, 0.0, slowest}, reverse=True)
    return np.array([(speed, share * turning) for speed in speeds for share in TURNS])
