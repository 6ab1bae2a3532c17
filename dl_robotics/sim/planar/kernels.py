"""The step of N planar worlds, compiled: drive, collide, move the obstacles, scan."""

from __future__ import annotations

import math

import numpy as np
from numba import prange

from dl_robotics.ops.compiled import compiled, compiled_parallel
from dl_robotics.sim.planar.drive import drive
from dl_robotics.sim.planar.geometry import Outlines
from dl_robotics.sim.planar.motion import Axis
from dl_robotics.sim.planar.movers import in_world, move
from dl_robotics.sim.planar.rays import Fan, see
from dl_robotics.sim.planar.state import Array, Body, Integers, Mask, Movers, Robot, State


@compiled_parallel
def advance(
    envs: Integers,
    period_s: float,
    commands: Array,
    delay_s: Array,
    state: State,
    collided: Mask,
    near: Integers,
    body: Body,
    forward: Axis,
    turning: Axis,
    solid: Outlines,
    seen: Outlines,
    rays: Array,
    movers: Movers,
) -> None:
    """Advance the worlds ``envs`` (k,) by ``period_s`` and scan; a period of 0 only scans.

    Worlds share nothing, so the result is the same on any number of threads. The arguments from ``body`` on are those
    of a :class:`Scene`: a parallel loop takes no nested tuples.

    :param commands: (N, 2) wanted velocities, m/s and rad/s.
    :param delay_s: (N,) until when the last command holds.
    :param collided: (N,) set where a robot hit something.
    :param near: (N, outlines) scratch.
    """
    for j in prange(len(envs)):
        i = envs[j]
        if period_s > 0.0:
            robot = Robot(body, forward, turning)
            drive(i, period_s, commands, delay_s, state, collided, near, robot, solid, movers)
        move(i, period_s, movers, state)
        _scan(i, body, rays, seen, state)


@compiled
def _scan(i: int, body: Body, rays: Array, seen: Outlines, state: State) -> None:
    """Scan one world."""
    yaw = state.pose[i, 2]
    cos, sin = math.cos(yaw), math.sin(yaw)
    x = state.pose[i, 0] + cos * body.lidar_x - sin * body.lidar_y
    y = state.pose[i, 1] + sin * body.lidar_x + cos * body.lidar_y
    first = yaw + body.lidar_yaw
    cos, sin = math.cos(first), math.sin(first)
    turned = np.empty_like(rays)
    for k in range(rays.shape[1]):
        turned[0, k] = cos * rays[0, k] - sin * rays[1, k]
        turned[1, k] = sin * rays[0, k] + cos * rays[1, k]
        state.ranges[i, k] = np.inf
    fan = Fan(x, y, first, body.increment, body.range_max_m)
    see(state.ranges, i, turned, fan, in_world(i, seen, state.mover_pose))
    for k in range(rays.shape[1]):
        if state.ranges[i, k] > body.range_max_m:
            state.ranges[i, k] = np.inf
