"""The kernels' data. Each tuple holds numbers or arrays of one type only: parallel loops take no others."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from dl_robotics.sim.planar.geometry import Outlines
from dl_robotics.sim.planar.motion import Axis

Array: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]


class Body(NamedTuple):
    """The robot as the planar engine sees it, in its model frame."""

    radius: float  # footprint
    axle_x: float  # centre of the driven axle
    axle_y: float
    lidar_x: float
    lidar_y: float
    lidar_yaw: float  # of the first ray
    increment: float  # angle between rays
    range_max_m: float


class Movers(NamedTuple):
    """The trajectories of M moving obstacles."""

    table: Array  # (rows, 3) poses, all trajectories one after the other
    course: Array  # (M, 6): first and end row, start of the cycle s, cycle s, reach about the frame m, top speed m/s


class State(NamedTuple):
    """N worlds; see :class:`dl_robotics.sim.engine.Engine`."""

    pose: Array  # (N, 3)
    velocity: Array  # (N, 2)
    command: Array  # (N, 2) of the last step
    ranges: Array  # (N, B)
    mover_pose: Array  # (N, 3 M)
    mover_time_s: Array  # (N, M)
    mover_rate: Array  # (N, M)
    factors: Array  # (N, 2) on friction and mass


class Robot(NamedTuple):
    """The robot's numbers, put together inside the loop."""

    body: Body
    forward: Axis
    turning: Axis


class Scene(NamedTuple):
    """All that stays the same from step to step: the last arguments of ``advance``, in their order."""

    body: Body
    forward: Axis
    turning: Axis
    solid: Outlines  # what the robot can run into
    seen: Outlines  # what the lidar sees
    rays: Array  # (2, B) directions in the frame of the first ray
    movers: Movers
