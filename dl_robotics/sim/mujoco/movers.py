"""Moving obstacles: kinematic bodies that are set along their trajectories, one physics step after another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba import njit

from dl_robotics.sim.follower import pose_at
from dl_robotics.sim.mujoco.frames import Array, frame, standing, turned
from dl_robotics.sim.trajectory import Trajectory
from dl_robotics.sim.world import Model


class Movers:
    """A world's movers, each at its own time of its own trajectory.

    :param trajectories: one a mover.
    :param step_s: duration of a physics step.

    Attributes: ``pose`` (movers, 3), x, y, yaw of the model frames after the steps that were last asked for.
    """

    def __init__(self, movers: Sequence[Model], trajectories: Sequence[Trajectory], step_s: float) -> None:
        stands = [frame(standing(mover.pose)) for mover in movers]
        self._stands = np.array([[*stand["pos"], *stand["quat"]] for stand in stands]).reshape(-1, 7)
        self._table = np.concatenate([np.empty((0, 3)), *(path.table for path in trajectories)])
        ends = np.cumsum([len(path.table) for path in trajectories])
        courses = [(e - len(t.table), e, t.cycle_start_s, t.cycle_s) for e, t in zip(ends, trajectories, strict=True)]
        self._courses = np.array(courses, dtype=np.float64).reshape(-1, 4)
        self._clocks = np.empty((len(movers), 2))
        self._step_s = step_s
        self.pose = np.empty((len(movers), 3))

    def reset(self, time_s: Array, rate: Array) -> None:
        """Begin at the times (movers,) of the trajectories, followed at ``rate`` (movers,) times their pace."""
        self._clocks[:, 0], self._clocks[:, 1] = time_s, rate
        self._next = 0

    def ahead(self, steps: int) -> Array:
        """Where the bodies are in the next steps, the first after a reset being the present; these are then over.

        :returns: (steps, 7 movers) positions of all bodies and then their quaternions, w first.
        """
        track = np.empty((steps, 7 * len(self.pose)))
        paths = self._table, self._courses, self._clocks, self._stands
        _follow(*paths, self._next, self._step_s, self.pose, track)
        self._next += steps
        return track


@njit(cache=True)
def _follow(
    table: Array,
    courses: Array,
    clocks: Array,
    stands: Array,
    first_step: int,
    step_s: float,
    pose: Array,
    track: Array,
) -> None:  # pragma: no cover
    """Fill ``track`` and ``pose``.

    :param table: rows of all trajectories, one after the other.
    :param courses: (movers, 4) first and end row, start of the cycle s, cycle s.
    :param clocks: (movers, 2) time at the reset s, rate.
    :param stands: (movers, 7) position and quaternion of the model frame at the planar pose 0.
    """
    count = len(courses)
    for m in range(count):
        (first, end, cycle_start_s, cycle_s), (begin_s, rate) = courses[m], clocks[m]
        for k in range(len(track)):
            time_s = begin_s + rate * step_s * (first_step + k)
            x, y, yaw = pose_at(table, int(first), int(end), cycle_start_s, cycle_s, time_s)
            at, turn = 3 * m, 3 * count + 4 * m
            track[k, at], track[k, at + 1], track[k, at + 2] = x + stands[m, 0], y + stands[m, 1], stands[m, 2]
            track[k, turn : turn + 4] = turned(stands[m, 3:], yaw)
            pose[m] = x, y, yaw
