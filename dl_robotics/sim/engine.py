"""What every physics engine offers to the tasks: N copies of one world, stepped together by one control period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from dl_robotics.sim.world import World

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Beams:
    """The lidar rays of a task, in the lidar's frame, counter-clockwise.

    Rays lie evenly from ``-fov / 2`` to ``fov / 2``, both ends included; over a full circle the last end, which would
    repeat the first, is left out.

    :param count: number of rays.
    :param fov: field of view, rad, in (0, 2 pi].
    :param range_min_m: nearer returns count as ``range_min_m``.
    :param range_max_m: farther returns count as none.
    """

    count: int
    fov: float
    range_min_m: float
    range_max_m: float

    @property
    def increment(self) -> float:
        """Angle between neighbouring rays, rad."""
        if self.is_circle:
            return self.fov / self.count
        return self.fov / max(self.count - 1, 1)

    @property
    def is_circle(self) -> bool:
        """Whether the rays close around the robot."""
        return self.fov >= 2.0 * np.pi - 1e-6

    @property
    def angles(self) -> Array:
        """(count,) ray angles, rad, from ``-fov / 2`` (a single ray looks ahead)."""
        first = -self.fov / 2.0 if self.count > 1 else 0.0
        return np.asarray(first + self.increment * np.arange(self.count), dtype=np.float64)


@dataclass(frozen=True)
class Start:
    """How k environments begin an episode.

    :param pose: (k, 3) robot model frame in the world: x, y in m, yaw in rad.
    :param mover_time_s: (k, movers) how far into its trajectory each moving obstacle is (see ``sim.trajectory``).
    :param mover_rate: (k, movers) factor on each moving obstacle's pace.
    :param friction: (k,) factor on every Coulomb coefficient of the robot.
    :param mass: (k,) factor on every mass and inertia of the robot.
    """

    pose: Array
    mover_time_s: Array
    mover_rate: Array
    friction: Array
    mass: Array


class Engine(Protocol):
    """N robots in N copies of a world. All arrays are float64 and belong to the engine: copy what you keep.

    Attributes read after :meth:`reset` and :meth:`step`: ``pose`` (N, 3) robot model frame in the world, x, y, yaw;
    ``velocity`` (N, 2) forward m/s and yaw rate rad/s of the axle centre; ``ranges`` (N, beams) true distances from the
    lidar in m, ``inf`` where nothing lies within ``range_max_m`` (nearer than ``range_min_m`` is reported as it is);
    ``collided`` and ``tumbled`` (N,) whether that happened since the last reset; ``mover_pose`` (N, movers, 3).
    The robot's own body is not seen by its lidar.
    """

    world: World
    beams: Beams
    num_envs: int
    control_period_s: float
    pose: Array
    velocity: Array
    ranges: Array
    collided: Mask
    tumbled: Mask
    mover_pose: Array

    def reset(self, envs: Indices, start: Start) -> None:
        """Begin an episode in the environments ``envs`` (k,), at rest."""

    def step(self, commands: Array, delay_s: Array) -> None:
        """Advance all environments by one control period.

        :param commands: (N, 2) forward m/s and yaw rate rad/s asked for; the robot's DiffDrive limits apply.
        :param delay_s: (N,) how long in this period, up to all of it, the last step's command stays in force.
        """
