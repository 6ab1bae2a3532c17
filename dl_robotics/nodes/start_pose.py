"""Where a simulated robot begins: by the world file, at a given pose, or anywhere that is free."""

from __future__ import annotations

from typing import Literal

import numpy as np

from dl_robotics.ops.geometry import Array, planar
from dl_robotics.sim.free_space import FreeSpace
from dl_robotics.sim.mujoco.simulation import Simulation
from dl_robotics.sim.shapes import footprint_radius

Pose = tuple[float, float, float]

MARGIN_M = 0.1  # of a random start to anything that stands
MOVER_DISTANCE_M = 0.6  # of a random start's centre to any moving obstacle's
DRAWS = 1000


class StartPoses:
    """Start poses (x, y, yaw) of the robot in the world, one after another.

    :param rng: draws the random ones.
    """

    def __init__(self, simulation: Simulation, rng: np.random.Generator) -> None:
        self._rng = rng
        self.enter(simulation)

    def enter(self, simulation: Simulation) -> None:
        """Draw starts in this simulation's world from now on."""
        self._simulation = simulation
        self._free_space: FreeSpace | None = None

    def next(self, kind: Literal["file", "pose", "random"], pose: Pose) -> Pose:
        """The next start.

        :param pose: the one of kind "pose".
        :raises ValueError: if there is no free place.
        """
        if kind == "pose":
            return pose
        return self._random() if kind == "random" else planar(self._simulation.world.robot.pose)

    def _random(self) -> Pose:
        world = self._simulation.world
        if self._free_space is None:
            self._free_space = FreeSpace(world, footprint_radius(world.robot) + MARGIN_M)
        movers: Array = self._simulation.mover_pose[:, :2]
        for point in self._free_space.sample(self._rng, DRAWS):
            if np.all(np.linalg.norm(movers - point, axis=1) > MOVER_DISTANCE_M):
                return float(point[0]), float(point[1]), float(self._rng.uniform(-np.pi, np.pi))
        raise ValueError(f"{world.source}: found no free start within {DRAWS} draws")
