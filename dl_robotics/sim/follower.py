"""The equations of :mod:`dl_robotics.sim.trajectory`, compiled: a rigid body in the plane that follows waypoints."""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from numba import njit

Array: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int64]
Pose: TypeAlias = tuple[float, float, float]
Result: TypeAlias = tuple[int, int, int, bool]

TABLE_STEP_S = 0.01
BEARING_REACHED = math.radians(0.1)  # Gazebo takes the bearing as reached below this
SAME_STATE = 2e-3  # laps that begin this near each other (m, rad, m/s, rad/s) are one cycle
REST_SPEED = 1e-4  # m/s and rad/s


class Body(NamedTuple):
    """A rigid body in the plane; places and axes are given in the frame of the link that follows."""

    mass: float
    inertia: float  # kg m^2 about the vertical through the centre of mass
    centre_x: float  # centre of mass
    centre_y: float
    push_yaw: float  # direction of the force: the x axis of the link's inertial frame
    lever: float  # m; torque of a unit force about the centre of mass
    surge: float  # N s/m
    sway: float  # N s/m
    yaw: float  # N m s/rad
    friction: float  # m/s^2: mu g
    friction_radius: float  # m: full friction torque over full friction force


class Law(NamedTuple):
    """What the follower does; angles in rad."""

    waypoints: Array  # (k, 2)
    loop: bool
    force: float
    torque: float
    range_tolerance_m: float
    bearing_tolerance: float
    zero_velocity: bool


@njit(cache=True, nogil=True)
def follow(body: Body, law: Law, step_s: float, states: Array, laps: Integers) -> Result:
    """Follow the waypoints until the movement ends, a lap begins like an earlier one, or an array is full.

    :param states: (steps, 6) x, y, yaw of the link and velocity x, y, yaw rate of the centre of mass, one row a physics
        step; the first is given, the others are written.
    :param laps: (k,) the steps at which the first waypoint was reached are written here.
    :return: number of rows and of laps written, index of the waypoint it was heading for at the end, whether it came to
        rest at the last one.
    """
    rounds = law.loop and len(law.waypoints) > 1
    lap, target, hold, step = 0, 0, False, 0
    while step < len(states) - 1 and lap < len(laps):
        distance, bearing = _sight(states, step, law.waypoints[target, 0], law.waypoints[target, 1])
        force, torque = 0.0, 0.0
        if distance <= law.range_tolerance_m:
            if rounds and target == 0:
                laps[lap] = step
                lap += 1
                if _seen_before(states, laps[:lap]):
                    return step + 1, lap, target, False
            if rounds or target < len(law.waypoints) - 1:
                target = (target + 1) % len(law.waypoints)
            elif _speed(states, step) < REST_SPEED:
                return step + 1, lap, target, True
        elif abs(bearing) <= law.bearing_tolerance:
            force = law.force
            hold = hold or (law.zero_velocity and abs(bearing) <= BEARING_REACHED)
        else:
            torque, hold = math.copysign(law.torque, bearing), False
        _move(body, states, step, force, torque, hold, step_s)
        step += 1
    return step + 1, lap, target, False


@njit(cache=True, nogil=True)
def _seen_before(states: Array, laps: Integers) -> bool:
    """Whether the last lap begins like one before: from there on everything repeats itself."""
    seen = False
    for lap in laps[:-1]:
        seen = seen or seam(states[lap], states[laps[-1]]) < SAME_STATE
    return seen


@njit(cache=True, nogil=True)
def seam(earlier: Array, later: Array) -> float:
    """Largest difference of two states (6,), whole turns aside."""
    largest = 0.0
    for k in range(6):
        gap = later[k] - earlier[k]
        if k == 2:
            gap = (gap + math.pi) % (2.0 * math.pi) - math.pi
        largest = max(largest, abs(gap))
    return largest


@njit(cache=True, nogil=True)
def _sight(states: Array, step: int, x: float, y: float) -> tuple[float, float]:
    """Distance and bearing of a waypoint from the link."""
    east, north = x - states[step, 0], y - states[step, 1]
    cos, sin = math.cos(states[step, 2]), math.sin(states[step, 2])
    return math.hypot(east, north), math.atan2(cos * north - sin * east, cos * east + sin * north)


@njit(cache=True, nogil=True)
def _speed(states: Array, step: int) -> float:
    """The larger of speed, m/s, and yaw rate, rad/s."""
    return float(max(math.hypot(states[step, 3], states[step, 4]), abs(states[step, 5])))


@njit(cache=True, nogil=True)
def _move(body: Body, states: Array, step: int, force: float, torque: float, hold: bool, step_s: float) -> None:
    """One step of semi-implicit Euler; drag is taken implicitly, so that any coefficient is stable."""
    x, y, yaw = states[step, 0], states[step, 1], states[step, 2]
    east, north, turn = states[step, 3], states[step, 4], states[step, 5]
    cos, sin = math.cos(yaw), math.sin(yaw)
    ahead = cos * east + sin * north + step_s * force * math.cos(body.push_yaw) / body.mass
    left = cos * north - sin * east + step_s * force * math.sin(body.push_yaw) / body.mass
    turn += step_s * (torque + force * body.lever) / body.inertia
    ahead /= 1.0 + step_s * body.surge / body.mass
    left /= 1.0 + step_s * body.sway / body.mass
    turn /= 1.0 + step_s * body.yaw / body.inertia
    slip = math.sqrt(ahead**2 + left**2 + (body.friction_radius * turn) ** 2)
    if slip > 0.0:
        loss = step_s * body.friction / slip
        ahead *= max(0.0, 1.0 - loss)
        left *= max(0.0, 1.0 - loss)
        turn *= max(0.0, 1.0 - loss * body.mass * body.friction_radius**2 / body.inertia)
    turn = 0.0 if hold else turn
    east, north = cos * ahead - sin * left, sin * ahead + cos * left
    new_cos, new_sin = math.cos(yaw + step_s * turn), math.sin(yaw + step_s * turn)
    states[step + 1, 0] = x + step_s * east + (cos - new_cos) * body.centre_x - (sin - new_sin) * body.centre_y
    states[step + 1, 1] = y + step_s * north + (sin - new_sin) * body.centre_x + (cos - new_cos) * body.centre_y
    states[step + 1, 2] = yaw + step_s * turn
    states[step + 1, 3], states[step + 1, 4], states[step + 1, 5] = east, north, turn


@njit(cache=True, nogil=True)
def pose_at(table: Array, first: int, end: int, cycle_start_s: float, cycle_s: float, time_s: float) -> Pose:
    """x, y, yaw at a time from the rows [first, end) of a table of poses, one every :data:`TABLE_STEP_S`.

    Between rows it interpolates; past the end of the cycle it repeats it, or stays if ``cycle_s`` is 0.
    """
    if cycle_s > 0.0 and time_s >= cycle_start_s + cycle_s:
        time_s = cycle_start_s + (time_s - cycle_start_s) % cycle_s
    place = min(max(time_s / TABLE_STEP_S, 0.0), end - first - 1.0)
    row = min(int(place), end - first - 2)
    fraction = place - row
    row += first
    x = table[row, 0] + fraction * (table[row + 1, 0] - table[row, 0])
    y = table[row, 1] + fraction * (table[row + 1, 1] - table[row, 1])
    return x, y, table[row, 2] + fraction * (table[row + 1, 2] - table[row, 2])


@njit(cache=True, nogil=True)
def poses_at(table: Array, cycle_start_s: float, cycle_s: float, times_s: Array) -> Array:
    """(k, 3) poses at (k,) times, see :func:`pose_at`."""
    poses = np.empty((len(times_s), 3))
    for i in range(len(times_s)):
        x, y, yaw = pose_at(table, 0, len(table), cycle_start_s, cycle_s, times_s[i])
        poses[i, 0], poses[i, 1], poses[i, 2] = x, y, yaw
    return poses
