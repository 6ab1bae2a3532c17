"""What the lidars of N robots saw before it went out of sight, for lidars that do not look all around.

A policy that learned with a whole circle takes a direction in which it is told of nothing for free. So where the lidar
does not look, what it last saw there is held against the robot's way by odometry, until it is seen again or forgotten.
"""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np

from dl_robotics.navigation.task import Task
from dl_robotics.sim.engine import Array, Indices

REMEMBERED_S = 5.0  # what moves will have gone elsewhere
BREADTH = 0.75  # beams to either side that a ray's end hides: ends may lie a little farther apart than beams now
SCANS = 5  # so many scans' rays are remembered at most


class ScanMemory:
    """Where rays of N robots ended.

    :param task: says along which beams, and how often, robots look.
    """

    def __init__(self, task: Task, num_robots: int) -> None:
        lidar = task.lidar
        self._fan = lidar.beams.angles[0], lidar.beams.increment, lidar.range_min_m, lidar.range_max_m, lidar.mount_x_m
        self._lasts = round(REMEMBERED_S * task.rate_hz)
        self._ends = np.zeros((num_robots, SCANS * lidar.count, 2))  # m, the oldest first
        self._left = np.zeros((num_robots, SCANS * lidar.count), np.int64)  # instants until each end is forgotten

    def forget(self, robots: Indices | slice) -> None:
        """Nothing was seen yet by these robots."""
        self._left[robots] = 0

    def __call__(self, robots: Indices, ranges: Array, pose: Array) -> Array:
        """Fill in what is out of sight.

        :param robots: (k,) which.
        :param ranges: (k, count) m, along the task's beams; NaN where the lidar does not look.
        :param pose: (k, 3) x, y in m, yaw in rad, in a frame that stays.
        :returns: (k, count) m, without NaN: of what is remembered along a beam the nearest, ``inf`` if nothing is.
        """
        if not np.isnan(ranges).any():
            return ranges
        out = np.where(np.isnan(ranges), np.inf, ranges)
        for robot, seen, filled, at in zip(robots, ranges, out, pose, strict=True):
            _fill(seen, at, self._ends[robot], self._left[robot], self._lasts, self._fan, filled)
        return out


@numba.njit(cache=True, nogil=True)
def _fill(ranges: Any, pose: Any, ends: Any, left: Any, lasts: Any, fan: Any, out: Any) -> None:  # pragma: no cover
    first, increment, near, far, mount_x_m = fan
    count, around = len(ranges), round(2.0 * math.pi / increment)
    x, y, yaw = pose[0] + math.cos(pose[2]) * mount_x_m, pose[1] + math.sin(pose[2]) * mount_x_m, pose[2]
    kept = 0
    for j in range(len(ends)):
        east, north = ends[j, 0] - x, ends[j, 1] - y
        distance = math.hypot(east, north)
        if left[j] <= 1 or not distance < far:
            continue
        place, hidden = (math.atan2(north, east) - yaw - first) / increment, False
        for beam in range(math.ceil(place - BREADTH), math.floor(place + BREADTH) + 1):
            ray = beam % around
            if ray < count and math.isnan(ranges[ray]):
                out[ray] = min(out[ray], distance)
                hidden = True
        if hidden:
            ends[kept], left[kept] = ends[j], left[j] - 1
            kept += 1
    left[kept:] = 0
    too_many = kept + count - len(ends)
    if too_many > 0:
        kept -= too_many
        ends[:kept], left[:kept] = ends[too_many : too_many + kept].copy(), left[too_many : too_many + kept].copy()
    for i in range(count):
        if ranges[i] < far:
            distance, angle = max(ranges[i], near), yaw + first + i * increment
            ends[kept, 0], ends[kept, 1] = x + distance * math.cos(angle), y + distance * math.sin(angle)
            left[kept] = lasts
            kept += 1
