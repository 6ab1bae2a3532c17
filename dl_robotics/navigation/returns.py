"""What a lidar hits, in the robot's frame: where classical methods begin."""

from __future__ import annotations

from typing import Any

import numpy as np

from dl_robotics.ops.compiled import compiled
from dl_robotics.ops.geometry import planar
from dl_robotics.sim.engine import Array, Beams
from dl_robotics.sim.planar.robot import lidar_mount
from dl_robotics.sim.world import Model


def mounted_rays(beams: Beams, robot: Model) -> tuple[Array, Array]:
    """(2,) where the rays of the robot's first lidar begin, m, and (2, beams) their directions."""
    x, y, yaw = planar(lidar_mount(robot)[1])
    angles = beams.angles + yaw
    return np.array([x, y]), np.stack([np.cos(angles), np.sin(angles)])


@compiled
def returns(ranges: Any, mount: Any, rays: Any, points: Any) -> int:
    """Write the points (x, y) that a scan (beams,) has hit into ``points``; their number."""
    count = 0
    for k in range(len(ranges)):
        r = max(ranges[k], 0.0)
        if r < np.inf:
            points[count, 0] = mount[0] + r * rays[0, k]
            points[count, 1] = mount[1] + r * rays[1, k]
            count += 1
    return count
