"""Moving obstacles: kinematic bodies that are set along their trajectories, one physics step after another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dl_robotics.sim.mujoco.frames import Array, frame, standing, turned
from dl_robotics.sim.trajectory import Trajectory
from dl_robotics.sim.world import Model

LOOK_AHEAD = 100  # steps to look up at once, which costs hardly more than ten


class Track(NamedTuple):
    """Where all movers are in a number of physics steps."""

    planar: Array  # (steps, movers, 3) x, y, yaw of the model frames
    positions: Array  # (steps, movers, 3)
    quaternions: Array  # (steps, movers, 4) w, x, y, z


class Movers:
    """A world's movers, each at its own time of its own trajectory.

    :param trajectories: one a mover.
    :param step_s: duration of a physics step.
    """

    def __init__(self, movers: Sequence[Model], trajectories: Sequence[Trajectory], step_s: float) -> None:
        stands = [standing(mover.pose) for mover in movers]
        self._offset = np.array([stand[:3, 3] for stand in stands]).reshape(-1, 3)
        self._tilt = np.array([frame(stand)["quat"] for stand in stands]).reshape(-1, 4)
        self._trajectories = trajectories
        self._step_s = step_s

    def reset(self, time_s: Array, rate: Array) -> None:
        """Begin at the times (movers,) of the trajectories, followed at ``rate`` (movers,) times their pace."""
        self._time_s, self._rate, self._step = np.array(time_s), np.array(rate), 0
        self._look_ahead(LOOK_AHEAD)

    def ahead(self, steps: int) -> Track:
        """The next steps, which are then over."""
        if self._step + steps >= self._first + len(self._track.planar):
            self._look_ahead(max(steps, LOOK_AHEAD))
        begin = self._step + 1 - self._first
        self._step += steps
        return Track(*(rows[begin : begin + steps] for rows in self._track))

    @property
    def pose(self) -> Array:
        """(movers, 3) x, y, yaw of the model frames now."""
        return np.asarray(self.now().planar[0])

    def now(self) -> Track:
        """The present, as a track of one step."""
        row = self._step - self._first
        return Track(*(rows[row : row + 1] for rows in self._track))

    def _look_ahead(self, steps: int) -> None:
        """Know the present and the next steps."""
        self._first = self._step
        times = self._time_s + self._rate * self._step_s * (self._step + np.arange(steps + 1))[:, None]
        poses = np.empty((steps + 1, len(self._trajectories), 3))
        for index, trajectory in enumerate(self._trajectories):
            poses[:, index] = trajectory.pose(times[:, index])
        positions = poses * (1.0, 1.0, 0.0) + self._offset
        self._track = Track(poses, positions, turned(self._tilt, poses[..., 2:]))
