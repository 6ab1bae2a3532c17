"""Moving obstacles: their poses at any time, and their outlines there."""

from __future__ import annotations

import math
from typing import TypeAlias

from dl_robotics.ops.compiled import compiled
from dl_robotics.sim.follower import pose_at
from dl_robotics.sim.planar.contact import outline_distance, owner_of
from dl_robotics.sim.planar.geometry import Outlines
from dl_robotics.sim.planar.state import Array, Movers, State

Pose: TypeAlias = tuple[float, float, float]


@compiled
def move(i: int, period_s: float, movers: Movers, state: State) -> None:
    """Advance the movers of one world; times are kept within the first cycle."""
    for m in range(len(movers.course)):
        time_s = state.mover_time_s[i, m] + state.mover_rate[i, m] * period_s
        cycle_start_s, cycle_s = movers.course[m, 2], movers.course[m, 3]
        if cycle_s > 0.0 and time_s >= cycle_start_s + cycle_s:
            time_s -= cycle_s * math.floor((time_s - cycle_start_s) / cycle_s)
        state.mover_time_s[i, m] = time_s
        x, y, yaw = _pose(movers, m, time_s)
        state.mover_pose[i, 3 * m], state.mover_pose[i, 3 * m + 1], state.mover_pose[i, 3 * m + 2] = x, y, yaw


@compiled
def hits_mover(
    i: int, time_s: float, x: float, y: float, radius: float, solid: Outlines, movers: Movers, state: State
) -> bool:
    """Whether a disc at (x, y) touches a mover ``time_s`` into the step; told in the mover's frame."""
    for m in range(len(movers.course)):
        reach_m, top_speed = movers.course[m, 4], movers.course[m, 5]
        within_m = radius + reach_m + top_speed * state.mover_rate[i, m] * time_s
        east, north = x - state.mover_pose[i, 3 * m], y - state.mover_pose[i, 3 * m + 1]
        if east * east + north * north >= within_m * within_m:
            continue
        mover_x, mover_y, yaw = _pose(movers, m, state.mover_time_s[i, m] + state.mover_rate[i, m] * time_s)
        cos, sin = math.cos(yaw), math.sin(yaw)
        east, north = x - mover_x, y - mover_y
        ahead, left = cos * east + sin * north, cos * north - sin * east
        for index in range(len(solid.polygons) + len(solid.discs)):
            if owner_of(solid, index) == m and outline_distance(ahead, left, solid, index, radius) < radius:
                return True
    return False


@compiled
def in_world(i: int, outlines: Outlines, poses: Array) -> Outlines:
    """All outlines in the frame of one world, with the movers at ``poses`` (N, 3 M)."""
    if poses.shape[1] == 0:
        return outlines
    edges, discs = outlines.edges.copy(), outlines.discs.copy()
    for p in range(len(outlines.polygons)):
        m = 3 * int(outlines.polygons[p, 2])
        if m >= 0:
            cos, sin = math.cos(poses[i, m + 2]), math.sin(poses[i, m + 2])
            for e in range(int(outlines.polygons[p, 0]), int(outlines.polygons[p, 1])):
                nx, ny = edges[e, 2], edges[e, 3]
                _place(edges, e, poses[i, m], poses[i, m + 1], cos, sin)
                edges[e, 2], edges[e, 3] = cos * nx - sin * ny, sin * nx + cos * ny
    for k in range(len(discs)):
        m = 3 * int(discs[k, 3])
        if m >= 0:
            _place(discs, k, poses[i, m], poses[i, m + 1], math.cos(poses[i, m + 2]), math.sin(poses[i, m + 2]))
    return Outlines(edges, outlines.polygons, discs)


@compiled
def _place(rows: Array, k: int, east: float, north: float, cos: float, sin: float) -> None:
    """Move the point at the head of a row from a mover's frame to the world."""
    x, y = rows[k, 0], rows[k, 1]
    rows[k, 0], rows[k, 1] = east + cos * x - sin * y, north + sin * x + cos * y


@compiled
def _pose(movers: Movers, m: int, time_s: float) -> Pose:
    course = movers.course
    return pose_at(movers.table, int(course[m, 0]), int(course[m, 1]), course[m, 2], course[m, 3], time_s)
