"""Who moves: a body, and how it stands, sits and lies."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from dl_robotics.sim.scenes.body import SIDES, Body
from dl_robotics.sim.scenes.figure import Arm, Leg, Posture
from dl_robotics.sim.scenes.people import upright

QUARTER = math.pi / 2.0
Range = tuple[float, float]


@dataclass(frozen=True)
class Person:
    """A body with its habits.

    :param pace: factor on the speed of all movements.
    :param vigour: factor on their size.
    """

    body: Body
    pace: float
    vigour: float
    standing: Posture
    sitting: Posture
    lying: Posture


def random_person(rng: np.random.Generator, height_m: Range, pace: Range) -> Person:
    """Anybody.

    :param height_m: from, to.
    :param pace: from, to.
    """
    body = Body(rng.uniform(*height_m), girth=rng.uniform(0.9, 1.4))
    standing = upright(rng, _standing_leg, _resting_arm)
    return Person(body, rng.uniform(*pace), rng.uniform(0.75, 1.2), standing, _sitting(rng), _lying(rng))


def _standing_leg(rng: np.random.Generator) -> Leg:
    bend = abs(rng.normal(0.0, 0.06))
    return Leg(hip=bend + rng.normal(0.0, 0.04), spread=rng.uniform(0.0, 0.2), knee=2.0 * bend, ankle=bend)


def _resting_arm(rng: np.random.Generator) -> Arm:
    """A hand anywhere below the shoulder."""
    kind = rng.random()
    if kind < 0.65:  # hangs
        return Arm(shoulder=rng.normal(0.0, 0.12), spread=rng.uniform(0.05, 0.25), elbow=rng.uniform(0.0, 0.5))
    if kind < 0.8:  # hand on the hip
        return Arm(rng.normal(-0.4, 0.1), rng.uniform(0.5, 0.8), rng.uniform(1.4, 1.8), rng.uniform(-0.9, -0.5))
    # Before the belly or the breast, as folded arms are, or what holds something.
    return Arm(rng.uniform(0.1, 0.6), rng.uniform(0.0, 0.2), rng.uniform(1.2, 2.0), rng.uniform(-1.0, 0.0))


def _sitting(rng: np.random.Generator) -> Posture:
    """On a seat about as high as the knees; hands on the lap, or anywhere near."""
    hip, knee = rng.normal(1.45, 0.08), rng.normal(1.4, 0.15)
    return upright(rng, lambda rng: _sitting_leg(rng, hip, knee), _lap_arm)


def _sitting_leg(rng: np.random.Generator, hip: float, knee: float) -> Leg:
    hip, knee = hip + rng.normal(0.0, 0.05), knee + rng.normal(0.0, 0.1)
    return Leg(hip=hip, spread=rng.uniform(0.02, 0.35), knee=knee, ankle=knee - hip + rng.normal(0.0, 0.05))


def _lap_arm(rng: np.random.Generator) -> Arm:
    return Arm(rng.normal(0.3, 0.2), rng.uniform(0.0, 0.25), rng.uniform(0.4, 1.5), rng.uniform(-0.6, 0.1))


def _lying(rng: np.random.Generator) -> Posture:
    """On the front, the back or a side, arms and legs anywhere on the floor."""
    way = _on_a_side(rng) if rng.random() < 0.5 else _flat(rng)
    return replace(
        way,
        lean=rng.normal(0.0, 0.05),
        nod=rng.normal(0.0, 0.1),
        tip=way.tip + rng.normal(0.0, 0.03),
        roll=way.roll + rng.normal(0.0, 0.03),
    )


def _on_a_side(rng: np.random.Generator) -> Posture:
    curled = rng.uniform(0.0, 1.0)
    bends = curled * rng.uniform(0.7, 1.3, (2, 2))
    left_leg, right_leg = (Leg(hip=hip, knee=1.5 * knee) for hip, knee in bends)
    left_arm, right_arm = (Arm(rng.uniform(-0.2, 1.8), rng.uniform(0.0, 0.08), rng.uniform(0.0, 1.5)) for _ in SIDES)
    roll = rng.choice((-QUARTER, QUARTER))
    return Posture(left_leg, right_leg, left_arm, right_arm, stoop=0.4 * curled, roll=roll)


def _flat(rng: np.random.Generator) -> Posture:
    """On the front or the back; elbows bend along the floor."""
    front = rng.random() < 0.5
    left_leg, right_leg = (_flat_leg(rng, front) for _ in SIDES)
    left_arm, right_arm = (
        Arm(0.0, rng.uniform(0.1, 2.6), rng.uniform(0.0, 1.5), rng.choice((-QUARTER, QUARTER))) for _ in SIDES
    )
    look = rng.choice((-1.2, 1.2)) if front else rng.normal(0.0, 0.4)  # nobody lies on the nose
    return Posture(left_leg, right_leg, left_arm, right_arm, look=look, tip=QUARTER if front else -QUARTER)


def _flat_leg(rng: np.random.Generator, front: bool) -> Leg:
    spread = rng.uniform(0.0, 0.35)
    if front:
        return Leg(spread=spread, knee=rng.uniform(0.0, 0.25), ankle=rng.uniform(-1.5, -1.2))
    bend = rng.choice((0.05, 0.6)) * rng.random()
    return Leg(hip=bend, spread=spread, knee=2.0 * bend)
