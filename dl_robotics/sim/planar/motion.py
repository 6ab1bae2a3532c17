"""A differential drive in the plane: velocity ramps and exact arcs."""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

from dl_robotics.ops.compiled import compiled

Pair: TypeAlias = tuple[float, float]
Place: TypeAlias = tuple[float, float, float, float]


class Axis(NamedTuple):
    """Limits of one of the two motions, forward (m, s) or turning (rad, s)."""

    low: float  # velocity
    high: float
    slow: float  # acceleration, negative
    fast: float
    grip: float  # largest acceleration that the wheels' friction transmits


@compiled
def ramp(velocity: float, wanted: float, axis: Axis, friction: float, mass: float, step_s: float) -> Pair:
    """Velocity after ``step_s`` on the way to the ``wanted`` one, and its exact mean until then.

    Gazebo's limiter: the wanted velocity is clipped, then its change per second. ``friction`` scales what the wheels
    transmit, ``mass`` divides what the motors give.
    """
    target = min(max(wanted, axis.low), axis.high)
    change = target - velocity
    if change == 0.0:
        return target, target
    grip = axis.grip * friction
    limit = (min(axis.fast, grip) if change > 0.0 else max(axis.slow, -grip)) / mass
    needed = change / limit  # s
    if needed >= step_s:
        after = velocity + limit * step_s
        return after, 0.5 * (velocity + after)
    return target, target - 0.5 * change * needed / step_s


@compiled
def arc(x: float, y: float, cos: float, sin: float, axle: Pair, forward: float, turn: float) -> Place:
    """Where a robot is after the centre of its axle drove ``forward`` m along an arc of ``turn`` rad.

    :param x: of the model frame, and so on: cosine and sine of its yaw; ``axle`` (x, y) is given in the model frame.
    :return: x, y, cosine and sine afterwards.
    """
    half_cos, chord = _half_turn(0.5 * turn)
    half_sin = 0.5 * turn * chord
    middle_cos, middle_sin = cos * half_cos - sin * half_sin, sin * half_cos + cos * half_sin
    cos_next, sin_next = middle_cos * half_cos - middle_sin * half_sin, middle_sin * half_cos + middle_cos * half_sin
    x += forward * chord * middle_cos + (cos - cos_next) * axle[0] - (sin - sin_next) * axle[1]
    y += forward * chord * middle_sin + (sin - sin_next) * axle[0] + (cos - cos_next) * axle[1]
    return x, y, cos_next, sin_next


@compiled
def _half_turn(half: float) -> Pair:
    """Cosine of an angle and its sine divided by it: the chord over the length of an arc of twice the angle.

    The series is exact to the last bit below 0.05 rad, and faster than the library's functions.
    """
    square = half * half
    if square > 0.0025:
        return math.cos(half), math.sin(half) / half
    chord = 1.0 - square / 6.0 * (1.0 - square / 20.0 * (1.0 - square / 42.0 * (1.0 - square / 72.0)))
    cos = 1.0 - square / 2.0 * (1.0 - square / 12.0 * (1.0 - square / 30.0 * (1.0 - square / 56.0)))
    return cos, chord
