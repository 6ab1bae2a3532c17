"""One robot's control period: commands, ramps, arcs and what stands in the way."""

from __future__ import annotations

import math

from dl_robotics.ops.compiled import compiled
from dl_robotics.sim.planar.contact import outline_distance, owner_of
from dl_robotics.sim.planar.geometry import Outlines
from dl_robotics.sim.planar.motion import arc, ramp
from dl_robotics.sim.planar.movers import hits_mover
from dl_robotics.sim.planar.state import Array, Body, Integers, Mask, Movers, Robot, State

SUBSTEP_S = 0.02


@compiled
def drive(
    i: int,
    period_s: float,
    commands: Array,
    delay_s: Array,
    state: State,
    collided: Mask,
    near: Integers,
    robot: Robot,
    solid: Outlines,
    movers: Movers,
) -> None:
    """Drive the robot of one world: with the last command until ``delay_s``, then with the new one."""
    count = _list_near(i, period_s, commands, robot.body, solid, state, near)
    until = min(max(delay_s[i], 0.0), period_s)
    for is_new in range(2):
        if is_new:
            state.command[i, 0], state.command[i, 1] = commands[i, 0], commands[i, 1]
        begin_s, end_s = (until, period_s) if is_new else (0.0, until)
        _hold(i, begin_s, end_s, count, state, collided, near, robot, solid, movers)


@compiled
def _hold(
    i: int,
    begin_s: float,
    end_s: float,
    count: int,
    state: State,
    collided: Mask,
    near: Integers,
    robot: Robot,
    solid: Outlines,
    movers: Movers,
) -> None:
    """Hold one command, in substeps; a robot that would hit something stays where it was, at rest."""
    substeps = math.ceil((end_s - begin_s) / SUBSTEP_S - 1e-9)
    if substeps <= 0:
        return
    step_s = (end_s - begin_s) / substeps
    friction, mass = state.factors[i, 0], state.factors[i, 1]
    x, y, yaw = state.pose[i, 0], state.pose[i, 1], state.pose[i, 2]
    v, w = state.velocity[i, 0], state.velocity[i, 1]
    cos, sin = math.cos(yaw), math.sin(yaw)
    for k in range(substeps):
        v_next, v_mean = ramp(v, state.command[i, 0], robot.forward, friction, mass, step_s)
        w_next, w_mean = ramp(w, state.command[i, 1], robot.turning, friction, mass, step_s)
        axle = robot.body.axle_x, robot.body.axle_y
        x_next, y_next, cos_next, sin_next = arc(x, y, cos, sin, axle, v_mean * step_s, w_mean * step_s)
        if _touches(i, begin_s + (k + 1) * step_s, x_next, y_next, count, state, near, robot, solid, movers):
            collided[i], v, w = True, 0.0, 0.0
        else:
            x, y, yaw, cos, sin, v, w = x_next, y_next, yaw + w_mean * step_s, cos_next, sin_next, v_next, w_next
    state.pose[i, 0], state.pose[i, 1] = x, y
    state.pose[i, 2] = yaw - 2.0 * math.pi * round(yaw / (2.0 * math.pi))
    state.velocity[i, 0], state.velocity[i, 1] = v, w


@compiled
def _touches(
    i: int,
    time_s: float,
    x: float,
    y: float,
    count: int,
    state: State,
    near: Integers,
    robot: Robot,
    solid: Outlines,
    movers: Movers,
) -> bool:
    """Whether the robot at (x, y) touches anything ``time_s`` into the period."""
    radius = robot.body.radius
    for n in range(count):
        if outline_distance(x, y, solid, near[i, n], radius) < radius:
            return True
    return hits_mover(i, time_s, x, y, radius, solid, movers, state)


@compiled
def _list_near(
    i: int, period_s: float, commands: Array, body: Body, solid: Outlines, state: State, near: Integers
) -> int:
    """Write the indices of the outlines that the robot may come to touch into ``near[i]``; their number."""
    speed = max(abs(state.velocity[i, 0]), abs(state.command[i, 0]), abs(commands[i, 0]))
    rate = max(abs(state.velocity[i, 1]), abs(state.command[i, 1]), abs(commands[i, 1]))
    within_m = body.radius + period_s * (speed + rate * math.hypot(body.axle_x, body.axle_y))
    count = 0
    for index in range(len(solid.polygons) + len(solid.discs)):
        standing = owner_of(solid, index) < 0
        if standing and outline_distance(state.pose[i, 0], state.pose[i, 1], solid, index, within_m) < within_m:
            near[i, count] = index
            count += 1
    return count
