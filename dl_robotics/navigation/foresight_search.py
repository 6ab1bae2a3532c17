"""A* in space and time (Hart, Nilsson and Raphael 1968), over commands that are held for a while.

A state is where the robot is, how it moves, and when. States of one time that fall into the same cell of x, y, yaw and
yaw rate count as one: the first that is found stays. They are opened in the order of

    f = g + weight h

with g the time since the start and h that of the shortest way past what stands. With a weight above 1 (Pohl 1970) a way
is found sooner, and may be slower than the fastest one.
"""

from __future__ import annotations

import heapq
import math
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from dl_robotics.navigation.foresight_steps import HIT, UNDERWAY, Array, Known, Place, Robot, held, kernel, way_left_s
from dl_robotics.ops.compiled import compiled

Integers: TypeAlias = npt.NDArray[np.int64]

REACHED, LOST, GIVEN_UP = 0, 1, 2
PARENT, CHOICE, PERIOD, ARRIVED = range(4)  # the state before, the command held since, when, whether at the goal
SHORTER = 0.97  # ways along a grid are up to 3 % too long
TURN = 2.0 * math.pi
SPAN, YAWS, RATES = 4096, 512, 64  # cells that keys can tell apart


class Grain(NamedTuple):
    """How finely is searched."""

    periods: int  # for which a command is held
    cell_m: float
    yaw: float
    rate: float
    states: int  # that are looked at, at most
    weight: float


class Tree(NamedTuple):
    """States and how they were come to."""

    places: Array  # (states, 7) fields of a Place
    links: Integers  # (states, 4) the columns named above


@kernel
def search(start: Place, commands: Array, periods: int, grain: Grain, robot: Robot, known: Known) -> tuple[int, Array]:
    """The commands that lead to the goal, one row a control period.

    :param commands: (k, 2) to choose from.
    :param periods: within which the goal must be reached.
    :return: :data:`REACHED`; or :data:`LOST`, there is no way at this grain, or :data:`GIVEN_UP`, too many states: then
        the commands are those of the way that stays longest without contact.
    """
    tree = Tree(np.empty((grain.states, 7)), np.empty((grain.states, 4), np.int64))
    _write(tree, 0, start, -1, -1, 0, False)
    seen = {_key(start, 0, grain)}
    queue = [(0.0, 0)]
    count, longest, period_s = 1, 0, robot.steps * robot.step_s
    while len(queue) > 0 and count + len(commands) <= grain.states:
        _, node = heapq.heappop(queue)
        if tree.links[node, ARRIVED]:
            return REACHED, _way_to(node, tree, commands)
        since = tree.links[node, PERIOD]
        longest = node if since > tree.links[longest, PERIOD] else longest
        duration = min(grain.periods, periods - since)
        for choice in range(len(commands)):
            speed, rate = commands[choice, 0], commands[choice, 1]
            there, arrival = held(_read(tree, node), speed, rate, since * robot.steps, duration, robot, known)
            now = since + (arrival if arrival > UNDERWAY else duration)
            left_s = 0.0 if arrival > UNDERWAY else way_left_s(there.x, there.y, known)
            key = _key(there, now, grain)
            too_late = now * period_s + SHORTER * left_s > periods * period_s
            if arrival == HIT or key in seen or too_late or duration == 0:
                continue
            seen.add(key)
            _write(tree, count, there, node, choice, now, arrival > UNDERWAY)
            heapq.heappush(queue, (now * period_s + grain.weight * left_s, count))
            count += 1
    return (LOST if len(queue) == 0 else GIVEN_UP), _way_to(longest, tree, commands)


@compiled
def _key(place: Place, period: int, grain: Grain) -> int:
    """One number for all states of a cell."""
    column, row = math.floor(place.x / grain.cell_m) % SPAN, math.floor(place.y / grain.cell_m) % SPAN
    yaw = math.floor((place.yaw % TURN) / grain.yaw)
    rate = math.floor(place.rate / grain.rate + 0.5) % RATES
    return int((((period * SPAN + column) * SPAN + row) * YAWS + yaw) * RATES + rate)


@compiled
def _write(tree: Tree, node: int, place: Place, parent: int, choice: int, period: int, arrived: bool) -> None:
    values = (place.x, place.y, place.yaw, place.speed, place.rate, place.from_standing_m, place.from_moving_m)
    for k in range(len(values)):
        tree.places[node, k] = values[k]
    for k, link in enumerate((parent, choice, period, int(arrived))):
        tree.links[node, k] = link


@compiled
def _read(tree: Tree, node: int) -> Place:
    row = tree.places[node]
    return Place(row[0], row[1], row[2], row[3], row[4], row[5], row[6])


@compiled
def _way_to(node: int, tree: Tree, commands: Array) -> Array:
    """(periods, 2) the commands from the start to a state."""
    way = np.empty((tree.links[node, PERIOD], 2))
    while tree.links[node, PARENT] >= 0:
        before = tree.links[node, PARENT]
        way[tree.links[before, PERIOD] : tree.links[node, PERIOD]] = commands[tree.links[node, CHOICE]]
        node = before
    return way
