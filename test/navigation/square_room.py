"""Exact scans of a robot in an empty square room."""

import math

import numpy as np

from dl_robotics.navigation.task import LidarSpec, Task

ALONE = np.zeros(1, np.int64)
SECTORS = 12
LIDAR = LidarSpec(count=120, sectors=SECTORS, past_s=(0.1, 0.3), mount_x_m=0.05)
TASK = Task("history", lidar=LIDAR, rate_hz=10.0)


def room_scan(pose, half_side_m=1.5):
    """(1, count) exact ranges in an empty square room about the origin, of a lidar on a robot at ``pose``."""
    x, y, yaw = pose
    x, y = x + LIDAR.mount_x_m * math.cos(yaw), y + LIDAR.mount_x_m * math.sin(yaw)
    directions = yaw + LIDAR.beams.angles
    with np.errstate(divide="ignore", over="ignore"):
        along_x = (np.copysign(half_side_m, np.cos(directions)) - x) / np.cos(directions)
        along_y = (np.copysign(half_side_m, np.sin(directions)) - y) / np.sin(directions)
    return np.minimum(along_x, along_y)[None]
