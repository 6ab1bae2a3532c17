"""How near robots have come to anything, exactly."""

from __future__ import annotations

import numpy as np

from dl_robotics.ops.compiled import compiled
from dl_robotics.sim.planar.contact import outline_distance
from dl_robotics.sim.planar.geometry import Outlines
from dl_robotics.sim.planar.movers import in_world
from dl_robotics.sim.planar.state import Array


@compiled
def clearances_among(points: Array, solid: Outlines, mover_poses: Array) -> Array:
    """(N,) distance of a point to the nearest outline in each of N worlds, m; <= 0 inside, ``inf`` in an empty world.

    :param points: (N, 2) one in each world.
    :param solid: what stands there and what moves.
    :param mover_poses: (N, 3 M) where the M movers are.
    """
    nearest = np.full(len(points), np.inf)
    for i in range(len(points)):
        outlines = in_world(i, solid, mover_poses)
        for index in range(len(outlines.polygons) + len(outlines.discs)):
            distance = outline_distance(points[i, 0], points[i, 1], outlines, index, nearest[i])
            nearest[i] = min(nearest[i], distance)
    return nearest
