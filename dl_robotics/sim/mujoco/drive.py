"""From a velocity command to wheel speeds, as Gazebo's DiffDrive goes about it."""

from __future__ import annotations

import numpy as np
from numba import njit

from dl_robotics.ops.geometry import Vector
from dl_robotics.sim.mujoco.frames import Array
from dl_robotics.sim.world import DiffDrive


class DriveLimiter:
    """Follows commands of forward velocity and yaw rate within the drive's limits (``gz::math::SpeedLimiter``).

    :param step_s: duration of a physics step.
    """

    def __init__(self, drive: DiffDrive, step_s: float) -> None:
        forward = drive.min_linear_velocity, drive.max_linear_velocity
        forward_change = drive.min_linear_acceleration * step_s, drive.max_linear_acceleration * step_s
        turning = drive.min_angular_velocity, drive.max_angular_velocity
        turning_change = drive.min_angular_acceleration * step_s, drive.max_angular_acceleration * step_s
        self._limits = np.array([(*forward, *forward_change), (*turning, *turning_change)])
        half_separation_m = drive.wheel_separation_m / 2.0
        sides = np.repeat([-half_separation_m, half_separation_m], [len(drive.left_joints), len(drive.right_joints)])
        self._shares = np.array([np.ones_like(sides), sides]) / drive.wheel_radius_m
        self._velocity = np.zeros(2)

    def reset(self) -> None:
        """Stand still."""
        self._velocity[:] = 0.0

    def wheel_speeds(self, command: Vector, steps: int) -> Array:
        """(steps, wheels) speeds, rad/s, of the left and then the right wheels, on the way to a command.

        :param command: forward velocity m/s and yaw rate rad/s.
        """
        speeds = np.empty((steps, self._shares.shape[1]))
        _ramp(self._velocity, float(command[0]), float(command[1]), self._limits, self._shares, speeds)
        return speeds


@njit(cache=True)
def _ramp(
    velocity: Array, forward: float, turning: float, limits: Array, shares: Array, speeds: Array
) -> None:  # pragma: no cover
    """Fill ``speeds``, leaving the last forward velocity and yaw rate in ``velocity``.

    :param limits: (2, 4) of both velocities: the lowest, the highest, and the most they fall and rise in a step.
    :param shares: (2, wheels) what a unit of each contributes to the wheels' speeds.
    """
    for step in range(len(speeds)):
        for axis, target in enumerate((forward, turning)):
            lowest, highest, most_down, most_up = limits[axis]
            change = min(max(target - velocity[axis], most_down), most_up)
            velocity[axis] = min(max(velocity[axis] + change, lowest), highest)
        speeds[step] = velocity[0] * shares[0] + velocity[1] * shares[1]
