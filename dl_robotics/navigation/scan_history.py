"""What the lidars of N robots saw lately, and how it has changed since: that shows what moves.

A scan of some time ago is moved into the robot's present frame by odometry. What stands still then lies where the lidar
sees it now; what comes nearer lay farther off.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numba
import numpy as np

from dl_robotics.navigation.task import Task
from dl_robotics.sim.engine import Array, Indices


class ScanHistory:
    """The last scans of N robots, and where they were taken.

    :param task: says which past scans are wanted, and how dense they are.
    """

    def __init__(self, task: Task, num_robots: int) -> None:
        self._lidar = task.lidar
        self._ages = np.array([round(age_s * task.rate_hz) for age_s in task.lidar.past_s], np.int64)
        depth = int(self._ages.max(initial=0)) + 1
        self._ranges = np.zeros((depth, num_robots, task.lidar.count))  # the newest first
        self._poses = np.zeros((depth, num_robots, 3))
        self._fresh = np.ones(num_robots, np.bool_)

    def forget(self, robots: Indices | slice) -> None:
        """Nothing was seen yet by these robots."""
        self._fresh[robots] = True

    def sectors(self, robots: Indices, ranges: Array, pose: Array) -> Array:
        """Take in the present scans of k robots; tell present and past ones by sectors.

        What was never seen counts as unchanged.

        :param robots: (k,) which.
        :param ranges: (k, count) m, along the task's beams.
        :param pose: (k, 3) x, y in m, yaw in rad, in a frame that stays.
        :returns: (k, 1 + ages, sectors) m: the nearest range in each sector, of the present and of the past scans as
            seen from the present place.
        """
        self._ranges[1:, robots], self._poses[1:, robots] = self._ranges[:-1, robots], self._poses[:-1, robots]
        fresh = robots[self._fresh[robots]]
        self._ranges[0, robots], self._poses[0, robots] = ranges, pose
        self._ranges[:, fresh], self._poses[:, fresh] = self._ranges[0, fresh], self._poses[0, fresh]
        self._fresh[robots] = False
        lidar = self._lidar
        out = np.empty((len(robots), 1 + len(self._ages), lidar.seen_sectors))
        fan = lidar.beams.angles[0], lidar.beams.increment, lidar.range_max_m, lidar.mount_x_m
        shift = lidar.rays_per_sector // 2 if lidar.centred else 0
        _tell(self._ranges, self._poses, robots, self._ages, fan, shift, out)
        return out

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies."""
        return {"ranges": self._ranges.copy(), "poses": self._poses.copy(), "fresh": self._fresh.copy()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self._ranges[:], self._poses[:], self._fresh[:] = state["ranges"], state["poses"], state["fresh"]


@numba.njit(cache=True, nogil=True)
def _tell(ranges: Any, poses: Any, robots: Any, ages: Any, fan: Any, shift: Any, out: Any) -> None:  # pragma: no cover
    sectors = out.shape[2]
    width = ranges.shape[2] // sectors
    for k in range(len(robots)):
        n = robots[k]
        out[k] = np.inf
        for i in range(ranges.shape[2]):
            s = (i + shift) // width % sectors
            out[k, 0, s] = min(out[k, 0, s], ranges[0, n, i])
        for a in range(len(ages)):
            _move(ranges[ages[a], n], poses[ages[a], n], poses[0, n], fan, width, shift, out[k, 1 + a])
            for s in range(sectors):
                if out[k, 1 + a, s] == np.inf:
                    out[k, 1 + a, s] = out[k, 0, s]


@numba.njit(cache=True, nogil=True)
def _move(scan: Any, then: Any, now: Any, fan: Any, width: Any, shift: Any, out: Any) -> None:  # pragma: no cover
    """The nearest return in each sector of a scan that was taken at a pose ``then``, as seen from ``now``."""
    first, increment, range_max_m, mount_x_m = fan
    around = round(2.0 * math.pi / increment)
    cos, sin = math.cos(then[2] - now[2]), math.sin(then[2] - now[2])
    east, north = then[0] - now[0], then[1] - now[1]
    ahead = math.cos(now[2]) * east + math.sin(now[2]) * north + (cos - 1.0) * mount_x_m
    left = math.cos(now[2]) * north - math.sin(now[2]) * east + sin * mount_x_m
    for i in range(len(scan)):
        far = min(max(scan[i], 0.0), range_max_m)
        x, y = far * math.cos(first + i * increment), far * math.sin(first + i * increment)
        x, y = ahead + cos * x - sin * y, left + sin * x + cos * y
        ray = math.floor((math.atan2(y, x) - first) / increment + 0.5) % around
        if ray < len(scan):
            s = (ray + shift) // width % len(out)
            out[s] = min(out[s], math.hypot(x, y))
