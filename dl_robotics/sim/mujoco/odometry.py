"""Dead reckoning from wheel angles, as Gazebo's DiffDrive publishes it (``gz::math::DiffDriveOdometry``)."""

from __future__ import annotations

import math

from dl_robotics.sim.world import DiffDrive

STRAIGHT_RAD = 1e-6  # turns smaller than this are integrated along their chord


class Odometry:
    """Pose of the axle's centre in the frame where it stood at the last reset, from the wheels alone.

    Slip and wrong wheel radii go unnoticed here, as on a real robot.
    """

    def __init__(self, drive: DiffDrive) -> None:
        self._radius_m, self._separation_m = drive.wheel_radius_m, drive.wheel_separation_m
        self.reset(0.0, 0.0)

    def reset(self, left: float, right: float) -> None:
        """Begin at (0, 0, 0) with the wheels at these angles, rad."""
        self._left, self._right = left, right
        self.pose = (0.0, 0.0, 0.0)
        self.velocity = (0.0, 0.0)

    def update(self, left: float, right: float, elapsed_s: float) -> None:
        """Follow the wheels to these angles, rad, reached ``elapsed_s`` after the last ones.

        ``pose`` (x, y, yaw) moves along a circular arc; ``velocity`` (m/s, rad/s) is the mean over that time.
        """
        left_m, right_m = (left - self._left) * self._radius_m, (right - self._right) * self._radius_m
        self._left, self._right = left, right
        travelled, turned = (left_m + right_m) / 2.0, (right_m - left_m) / self._separation_m
        self.pose = _along_arc(self.pose, travelled, turned)
        self.velocity = (travelled / elapsed_s, turned / elapsed_s)


def _along_arc(pose: tuple[float, float, float], travelled: float, turned: float) -> tuple[float, float, float]:
    x, y, yaw = pose
    if abs(turned) < STRAIGHT_RAD:
        middle = yaw + turned / 2.0
        return x + travelled * math.cos(middle), y + travelled * math.sin(middle), yaw + turned
    radius = travelled / turned
    after = yaw + turned
    return x + radius * (math.sin(after) - math.sin(yaw)), y - radius * (math.cos(after) - math.cos(yaw)), after
