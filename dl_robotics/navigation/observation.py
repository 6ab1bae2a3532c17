"""What a navigation policy sees. The environments and the ROS node both look through :class:`Observer`: one code, one
meaning.

Layout of an observation, all in [-1, 1], for ``S`` sectors of the lidar (its rays, unless the task pools them) and
``A`` past scans:

====================  ==========================================================================
``[0 : S]``           lidar ranges r as log(r / ``range_min_m``) / log(``range_max_m`` / ``range_min_m``), which tells
                      near ranges finely apart: 0 at the least range, 1 where nothing is seen
``[S : (1 + A) S]``   the same of each past scan, seen from here, less the present one, times 4 and cut: above 0 where
                      something has come nearer, 0 where all stands still
``[+0]``              d / (d + 1 m), d the distance to the goal
``[+1 : +3]``         cosine and sine of the goal's bearing from the robot's x axis
``[+3 : +5]``         measured forward speed and yaw rate, over the action's largest magnitude
``[+5 : +7]``         the last command, likewise
====================  ==========================================================================
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, TypeAlias

import numba
import numpy as np
import numpy.typing as npt

from dl_robotics.messages.laser_scan import Scan
from dl_robotics.navigation.scan_history import ScanHistory
from dl_robotics.navigation.scan_memory import ScanMemory
from dl_robotics.navigation.task import ActionSpec, Task
from dl_robotics.sim.engine import Array, Beams, Indices

Observations: TypeAlias = npt.NDArray[np.float32]

GOAL_AND_MOTION = 7  # entries after the lidar's
LEAST_VIEW = math.pi / 2.0  # rad, of a lidar that looks less far around than the beams of a policy
GAIN = 4.0  # of changes: what moves 1 m away at 0.2 m/s changes by 0.05 in a second


def size(task: Task) -> int:
    """Length of one observation."""
    return (1 + len(task.lidar.past_s)) * task.lidar.seen_sectors + GOAL_AND_MOTION


@lru_cache
def speed_scale(action: ActionSpec) -> Array:
    """(2,) largest magnitude of the forward speed in m/s and of the yaw rate in rad/s: what speeds are divided by."""
    return np.array([max(map(abs, limits)) for limits in (action.linear_mps, action.angular_radps)])


class Observer:
    """Eyes and short memory of N robots.

    :param task: what they look for.
    """

    def __init__(self, task: Task, num_robots: int) -> None:
        self.task, self.history = task, ScanHistory(task, num_robots)
        self._memory = ScanMemory(task, num_robots)

    def forget(self, robots: Indices | slice = slice(None)) -> None:
        """These robots begin anew: what they saw before is of no use."""
        self.history.forget(robots)
        self._memory.forget(robots)

    def __call__(
        self, robots: Indices, ranges: Array, pose: Array, velocity: Array, goal: Array, last_command: Array
    ) -> Observations:
        """Observations of k robots, once in each control period.

        :param robots: (k,) which of the N.
        :param ranges: (k, count) m, along ``task.lidar.beams``; ``inf`` is nothing seen, ``-inf`` too near to measure,
            NaN where the lidar does not look.
        :param pose: (k, 3) x, y in m, yaw in rad, in the goal's frame.
        :param velocity: (k, 2) m/s and rad/s.
        :param goal: (k, 2) x, y in m.
        :param last_command: (k, 2) m/s and rad/s.
        :returns: (k, size(task)) float32.
        """
        scans = self.history.sectors(robots, self._memory(robots, ranges, pose), pose)
        return observe(self.task, scans, pose, velocity, goal, last_command)


def observe(task: Task, scans: Array, pose: Array, velocity: Array, goal: Array, last_command: Array) -> Observations:
    """Observations (k, size(task)) of k robots; see :class:`Observer`.

    :param scans: (k, 1 + A, S) m, of :meth:`.scan_history.ScanHistory.sectors`.
    """
    out = np.empty((len(scans), size(task)), dtype=np.float32)
    lidar = task.lidar
    _observe(
        scans, lidar.range_min_m, lidar.range_max_m, pose, velocity, goal, last_command, speed_scale(task.action), out
    )
    return out


def resample(scan: Scan, beams: Beams, *, narrower: bool = False) -> Array:
    """The ranges of a scan along a task's beams: of each beam, the scan's nearest ray.

    A range of exactly 0, which LDS lidars send for "no return", becomes ``inf``.

    :param narrower: whether the lidar may look less far around than the beams do: over :data:`LEAST_VIEW` at least, and
        straight ahead. Ranges are NaN where it does not look.
    :returns: (count,) m.
    :raises ValueError: if the scan covers a smaller angle, reaches less far, starts farther or is coarser.
    """
    rays, increment = len(scan.ranges), abs(scan.angle_increment)
    _check_lidar(scan, beams, min(LEAST_VIEW, beams.fov) if narrower else beams.fov)
    around = 2.0 * math.pi / increment
    steps = (beams.angles - scan.angle_min) / scan.angle_increment
    if rays > around - 0.5:  # the rays close around the robot
        steps = np.rint(steps) % round(around)
    elif narrower:
        steps = (steps + 0.5) % around - 0.5
    elif steps.min() < -0.5:
        raise ValueError(f"scan: starts at {scan.angle_min:.3f} rad, the policy's beams at {beams.angles[0]:.3f} rad")
    ranges = scan.ranges[np.clip(np.rint(steps), 0, rays - 1).astype(np.int64)].astype(np.float64)
    ranges[ranges == 0.0] = np.inf
    if narrower:
        ranges[steps >= rays + 0.5] = np.nan
        if np.isnan(ranges[np.abs(beams.angles).argmin()]):
            raise ValueError("scan field of view: the policy expects what lies straight ahead to be in it")
    return ranges


def _check_lidar(scan: Scan, beams: Beams, least_view: float) -> None:
    """Refuse a lidar that the policy was not trained for."""
    turn, increment = 2.0 * math.pi, abs(scan.angle_increment)
    covered = len(scan.ranges) * increment
    for what, fits, came, expected in (
        ("angle_min (rad)", abs(scan.angle_min) <= turn + increment, scan.angle_min, "an angle within one turn"),
        ("field of view (rad)", covered > least_view - increment, covered, f"at least {least_view:.3f}"),
        ("angle_increment (rad)", increment <= beams.increment * 1.001, increment, f"at most {beams.increment:.4f}"),
        ("range_max (m)", scan.range_max_m >= beams.range_max_m - 0.01, scan.range_max_m, f">= {beams.range_max_m}"),
        ("range_min (m)", scan.range_min_m <= beams.range_min_m + 0.05, scan.range_min_m, f"<= {beams.range_min_m}"),
    ):
        if not fits:
            raise ValueError(f"scan {what}: the policy expects {expected}, got {came:.4f}")


@numba.njit(cache=True, nogil=True)
def goal_polar(x: float, y: float, yaw: float, goal_x: float, goal_y: float) -> tuple[float, float]:  # pragma: no cover
    """Distance in m and bearing in rad, in [-pi, pi), of a goal seen from a planar pose."""
    dx, dy = goal_x - x, goal_y - y
    bearing = math.atan2(dy, dx) - yaw
    return math.hypot(dx, dy), (bearing + math.pi) % (2.0 * math.pi) - math.pi


@numba.njit(cache=True, nogil=True)
def _observe(
    scans: Any, near: Any, far: Any, pose: Any, velocity: Any, goal: Any, last_command: Any, scale: Any, out: Any
) -> None:  # pragma: no cover
    ages, sectors = scans.shape[1:]
    spread = math.log(far / near)
    after = ages * sectors
    for n in range(len(scans)):
        for a in range(ages):
            for i in range(sectors):
                seen = math.log(min(max(scans[n, a, i], near), far) / near) / spread
                change = min(max(GAIN * (seen - out[n, i]), -1.0), 1.0)
                out[n, a * sectors + i] = change if a > 0 else seen
        distance, bearing = goal_polar(pose[n, 0], pose[n, 1], pose[n, 2], goal[n, 0], goal[n, 1])
        out[n, after] = distance / (distance + 1.0)
        out[n, after + 1] = math.cos(bearing)
        out[n, after + 2] = math.sin(bearing)
        for k in range(2):
            out[n, after + 3 + k] = min(max(velocity[n, k] / scale[k], -1.0), 1.0)
            out[n, after + 5 + k] = min(max(last_command[n, k] / scale[k], -1.0), 1.0)
