"""A planar lidar: rays through what is visible of the world."""

from __future__ import annotations

import mujoco
import numpy as np
from numba import njit

from dl_robotics.sim.mujoco.frames import Array, SiteFrame
from dl_robotics.sim.mujoco.geoms import Group, mask
from dl_robotics.sim.mujoco.names import sensor_name
from dl_robotics.sim.mujoco.simulation import Simulation
from dl_robotics.sim.world import Lidar, Link, Transform

SEEN = mask(Group.WORLD_VISUAL)


class Scanner:
    """Rays in the x-y plane of a sensor's frame, against the visuals of everything but the robot.

    :param sensor: one of the robot's.
    :param angles: (rays,) from the frame's x axis towards its y axis, rad.
    :param range_max_m: farther returns are none.
    """

    def __init__(self, simulation: Simulation, link: Link, sensor: Lidar, angles: Array, range_max_m: float) -> None:
        self._model, self._data = simulation.model, simulation.data
        self._frame = SiteFrame(self._model, self._data, sensor_name(simulation.world.robot, link, sensor))
        self._directions = np.stack([np.cos(angles), np.sin(angles), np.zeros_like(angles)], axis=1)
        self._vectors = np.empty_like(self._directions)
        self._vectors_flat = self._vectors.ravel()  # a view: what MuJoCo takes
        self._geoms = np.empty(len(angles), dtype=np.int32)
        self._range_max_m = range_max_m

    @classmethod
    def of_sensor(cls, simulation: Simulation, link: Link, sensor: Lidar) -> Scanner:
        """The sensor as the world file describes it, without noise."""
        angles = np.linspace(sensor.angle_min, sensor.angle_max, sensor.samples)
        return cls(simulation, link, sensor, angles, sensor.range_max_m)

    def scan(self) -> Array:
        """(rays,) distances from the sensor where it is now, m; ``inf`` where nothing lies within the range."""
        return self._scan(self._frame.position, self._frame.rotation)

    def scan_from(self, pose: Transform) -> Array:
        """The same from any sensor frame in the world."""
        return self._scan(pose[:3, 3], pose[:3, :3])

    def cast(self, distances: Array) -> None:
        """Fill (rays,) distances as :meth:`scan` gives them."""
        self._cast(self._frame.position, self._frame.rotation, distances)

    def _scan(self, position: Array, rotation: Array) -> Array:
        distances = np.empty(len(self._directions))
        self._cast(position, rotation, distances)
        return distances

    def _cast(self, position: Array, rotation: Array, distances: Array) -> None:
        np.dot(self._directions, rotation.T, out=self._vectors)
        rays = position, self._vectors_flat
        out = self._geoms, distances, None
        mujoco.mj_multiRay(self._model, self._data, *rays, SEEN, True, -1, *out, len(distances), self._range_max_m)
        drop_far(distances, self._range_max_m)


@njit(cache=True)
def drop_far(distances: Array, range_max_m: float) -> None:  # pragma: no cover
    """Put ``inf`` for what is farther than the range, or nothing at all, which MuJoCo gives as -1; in place.

    :param distances: (rays,) m.
    """
    for ray, distance in enumerate(distances):
        if distance < 0.0 or distance > range_max_m:
            distances[ray] = np.inf
