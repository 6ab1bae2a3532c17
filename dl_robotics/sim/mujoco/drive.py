"""From a velocity command to wheel speeds, as Gazebo's DiffDrive goes about it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from dl_robotics.ops.geometry import Vector
from dl_robotics.sim.mujoco.frames import Array
from dl_robotics.sim.world import DiffDrive


class Limits(NamedTuple):
    """What a velocity may be, and how it may change in one step."""

    lowest: float
    highest: float
    most_down: float
    most_up: float


class DriveLimiter:
    """Follows commands of forward velocity and yaw rate within the drive's limits (``gz::math::SpeedLimiter``).

    :param step_s: duration of a physics step.
    """

    def __init__(self, drive: DiffDrive, step_s: float) -> None:
        self._linear = Limits(
            drive.min_linear_velocity,
            drive.max_linear_velocity,
            drive.min_linear_acceleration * step_s,
            drive.max_linear_acceleration * step_s,
        )
        self._angular = Limits(
            drive.min_angular_velocity,
            drive.max_angular_velocity,
            drive.min_angular_acceleration * step_s,
            drive.max_angular_acceleration * step_s,
        )
        half_separation_m = drive.wheel_separation_m / 2.0
        sides = np.repeat([-half_separation_m, half_separation_m], [len(drive.left_joints), len(drive.right_joints)])
        self._forward_share = np.full(len(sides), 1.0 / drive.wheel_radius_m)
        self._turning_share = sides / drive.wheel_radius_m
        self._velocity = np.zeros(2)

    def reset(self) -> None:
        """Stand still."""
        self._velocity[:] = 0.0

    def wheel_speeds(self, command: Vector, steps: int) -> Array:
        """(steps, wheels) speeds, rad/s, of the left and then the right wheels, on the way to a command.

        :param command: forward velocity m/s and yaw rate rad/s.
        """
        speeds = np.empty((steps, len(self._forward_share)))
        shares = self._forward_share, self._turning_share
        _ramp(self._velocity, (float(command[0]), float(command[1])), (self._linear, self._angular), shares, speeds)
        return speeds


@njit(cache=True)
def _ramp(
    velocity: Array,
    target: tuple[float, float],
    limits: tuple[Limits, Limits],
    shares: tuple[Array, Array],
    speeds: Array,
) -> None:
    """Fill ``speeds``, leaving the last forward velocity and yaw rate in ``velocity``."""
    for step in range(len(speeds)):
        for axis in range(2):
            limit = limits[axis]
            change = min(max(target[axis] - velocity[axis], limit.most_down), limit.most_up)
            velocity[axis] = min(max(velocity[axis] + change, limit.lowest), limit.highest)
        speeds[step] = velocity[0] * shares[0] + velocity[1] * shares[1]
