"""What people do, as postures over time: stand, sit, lie, walk, run and wave.

Each maker draws how a person does it this time and returns an :data:`Act`. An act is defined for all times: before its
begin and after its end it goes on as it was.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from dl_robotics.ops.geometry import Array
from dl_robotics.sim.motion.blend import blend, ease, scaled, shifted
from dl_robotics.sim.motion.gait import running, walking
from dl_robotics.sim.motion.person import Person
from dl_robotics.sim.scenes.figure import Arm, Leg, Posture

Act: TypeAlias = Callable[[Array], Posture]  # of (T,) seconds since its begin
CYCLE = 2.0 * math.pi


def stand(person: Person, rng: np.random.Generator, duration_s: float) -> Act:
    """On the spot, swaying a little, looking around, an arm moving now and then."""
    fidget = bool(rng.random() < 0.5)
    return _alive(person.standing, rng, 1.0, arms=rng.uniform(0.05, 0.35) if fidget else 0.03)


def sit(person: Person, rng: np.random.Generator, duration_s: float) -> Act:
    """On a seat, as :func:`stand`."""
    return _alive(person.sitting, rng, 1.0, arms=rng.uniform(0.03, 0.3))


def lie(person: Person, rng: np.random.Generator, duration_s: float) -> Act:
    """On the floor, hardly moving."""
    return _alive(person.lying, rng, 0.3, arms=rng.uniform(0.0, 0.15))


def _alive(posture: Posture, rng: np.random.Generator, sway: float, arms: float) -> Act:
    """Around a posture, slowly.

    :param sway: factor on the movements of trunk and head.
    :param arms: size of the arms' movements, rad.
    """
    stoop, lean, twist, nod = (_wander(rng, sway * size) for size in (0.02, 0.02, 0.05, 0.05))
    look = _wander(rng, sway * rng.uniform(0.05, 0.5))
    shoulders = _wander(rng, arms), _wander(rng, arms)
    elbows = _wander(rng, 1.5 * arms), _wander(rng, 1.5 * arms)

    def act(time_s: Array) -> Posture:
        moved = [Arm(shoulder=s(time_s), elbow=e(time_s)) for s, e in zip(shoulders, elbows, strict=True)]
        return shifted(
            posture,
            Posture(
                left_arm=moved[0],
                right_arm=moved[1],
                stoop=stoop(time_s),
                lean=lean(time_s),
                twist=twist(time_s),
                nod=nod(time_s),
                look=look(time_s),
            ),
        )

    return act


def _wander(rng: np.random.Generator, size: float) -> Callable[[Array], Array]:
    """A slow, smooth, irregular course around 0: a few sines."""
    rates_hz, phases = rng.uniform(0.1, 0.7, 3), rng.uniform(0.0, CYCLE, 3)
    sizes = size * rng.dirichlet(np.ones(3))
    return lambda time_s: np.asarray(np.sin(CYCLE * rates_hz * time_s[..., None] + phases) @ sizes)


def walk(person: Person, rng: np.random.Generator, duration_s: float) -> Act:
    """Strides of both legs; the arms swing, or one of them carries something."""
    rate_hz, first = person.pace * rng.uniform(0.7, 1.0), rng.uniform(0.0, CYCLE)
    stride, loose = person.vigour * rng.uniform(0.75, 1.15), (rng.random(2) < 0.8) * rng.uniform(0.6, 1.0, 2)
    alive = stand(person, rng, duration_s)

    def act(time_s: Array) -> Posture:
        gait, habit = walking(CYCLE * rate_hz * time_s + first, stride), alive(time_s)
        arms = [
            blend(at_rest, swinging, share)
            for at_rest, swinging, share in (
                (habit.left_arm, gait.left_arm, loose[0]),
                (habit.right_arm, gait.right_arm, loose[1]),
            )
        ]
        trunk = replace(scaled(habit, 0.5), left_leg=Leg(), right_leg=Leg(), left_arm=Arm(), right_arm=Arm())
        return shifted(replace(gait, left_arm=arms[0], right_arm=arms[1]), trunk)

    return act


def run(person: Person, rng: np.random.Generator, duration_s: float) -> Act:
    """Long strides, knees high, elbows bent."""
    rate_hz, first = person.pace * rng.uniform(1.2, 1.5), rng.uniform(0.0, CYCLE)
    stride, elbow = person.vigour * rng.uniform(0.8, 1.1), rng.uniform(1.1, 1.9)
    stoop, look = rng.normal(0.05, 0.05), rng.normal(0.0, 0.2)
    return lambda time_s: shifted(
        running(CYCLE * rate_hz * time_s + first, stride, elbow), Posture(stoop=stoop, nod=-stoop, look=look)
    )


def wave(person: Person, rng: np.random.Generator, duration_s: float) -> Act:
    """An arm up, or both, hand or arm swinging from side to side."""
    still = stand(person, rng, duration_s)
    raised_s = rng.uniform(0.3, 0.6) / person.pace
    rate_hz, first = person.pace * rng.uniform(1.0, 2.2), rng.uniform(0.0, CYCLE)
    sides = (("left_arm",), ("right_arm",), ("left_arm", "right_arm"))[int(rng.choice(3, p=(0.4, 0.4, 0.2)))]
    up, swing = _waving(person, rng)

    def act(time_s: Array) -> Posture:
        base = still(time_s)
        waving = shifted(up, scaled(swing, np.sin(CYCLE * rate_hz * time_s + first)))
        return replace(base, **{side: blend(getattr(base, side), waving, ease(time_s / raised_s)) for side in sides})

    return act


def _waving(person: Person, rng: np.random.Generator) -> tuple[Arm, Arm]:
    """The middle of the movement, and how far it goes from there."""
    kind, size = rng.random(), person.vigour * rng.uniform(0.3, 0.6)
    if kind < 0.5:  # upper arm out to the side, forearm up
        return Arm(rng.uniform(-0.1, 0.4), rng.uniform(0.8, 1.6), rng.uniform(1.2, 1.7), 1.4), Arm(elbow=size)
    if kind < 0.75:  # upper arm ahead and out, forearm up
        return Arm(rng.uniform(0.6, 1.3), rng.uniform(0.3, 0.7), rng.uniform(1.2, 1.7), 0.6), Arm(turn=size, elbow=size)
    return Arm(rng.uniform(0.0, 0.4), rng.uniform(2.3, 2.7), rng.uniform(0.1, 0.5), 1.4), Arm(spread=0.7 * size)
