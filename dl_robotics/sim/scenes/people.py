"""Figures of random size, posture and clothes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

import numpy as np

from dl_robotics.sim.motion.gait import walking
from dl_robotics.sim.scenes.body import Body
from dl_robotics.sim.scenes.figure import Arm, Leg, Posture, joint_places
from dl_robotics.sim.scenes.limbs import Limb, limbs
from dl_robotics.sim.scenes.looks import Looks
from dl_robotics.sim.scenes.scene import Finish, Part, Rgb

FOOTPRINT_M = 0.18  # radius per metre of height
ADULT, CHILD = (1.5, 1.95), (0.8, 1.5)
SKIN = ((0.96, 0.82, 0.71), (0.30, 0.19, 0.13))  # from light to dark
HAIR = ((0.08, 0.06, 0.05), (0.35, 0.22, 0.12), (0.75, 0.6, 0.35), (0.6, 0.6, 0.6))


def random_person(rng: np.random.Generator, looks: Looks) -> tuple[tuple[Part, ...], float]:
    """Parts of a figure that stands at the origin, and the radius of its footprint, m."""
    body = Body(rng.uniform(*(ADULT if rng.random() < 0.75 else CHILD)), girth=rng.uniform(0.9, 1.4))
    finishes = clothes(rng, looks)
    flesh = limbs(body, joint_places(body, random_posture(rng)))
    return dressed(flesh, finishes), FOOTPRINT_M * body.height_m


def dressed(flesh: Iterable[Limb], finishes: Mapping[str, Finish]) -> tuple[Part, ...]:
    """Limbs in clothes."""
    return tuple(Part(limb.shape, limb.pose, finishes[_cloth(limb)]) for limb in flesh)


def clothes(rng: np.random.Generator, looks: Looks) -> dict[str, Finish]:
    """A finish for every covering; ``sleeves`` and ``stockings`` are of cloth or bare skin."""
    skin = Finish(_between(*SKIN, rng.random()))
    top, trousers = looks.surface(rng), looks.surface(rng)
    return {
        "skin": skin,
        "hair": Finish(HAIR[int(rng.integers(len(HAIR)))]),
        "top": top,
        "trousers": trousers,
        "shoes": looks.surface(rng, saturation=0.5),
        "sleeves": top if rng.random() < 0.5 else skin,
        "stockings": trousers if rng.random() < 0.75 else skin,
    }


def random_posture(rng: np.random.Generator) -> Posture:
    """Walking or standing."""
    if rng.random() < 0.5:
        return walking(rng.uniform(0.0, 2.0 * math.pi), rng.uniform(0.4, 1.2))
    return standing(rng)


def standing(rng: np.random.Generator) -> Posture:
    """Upright, arms anywhere, looking anywhere."""
    return upright(rng, _standing_leg, _arm)


def upright(
    rng: np.random.Generator, leg: Callable[[np.random.Generator], Leg], arm: Callable[[np.random.Generator], Arm]
) -> Posture:
    """Trunk and head as people hold them, above any legs and arms.

    :param leg: draws a leg.
    :param arm: draws an arm.
    """
    return Posture(
        left_leg=leg(rng),
        right_leg=leg(rng),
        left_arm=arm(rng),
        right_arm=arm(rng),
        stoop=rng.normal(0.05, 0.08),
        lean=rng.normal(0.0, 0.05),
        twist=rng.normal(0.0, 0.2),
        nod=rng.normal(0.1, 0.2),
        look=rng.normal(0.0, 0.4),
    )


def _standing_leg(rng: np.random.Generator) -> Leg:
    bend = abs(rng.normal(0.0, 0.1))
    return Leg(hip=bend, spread=rng.uniform(0.0, 0.2), knee=2.0 * bend, ankle=bend)


def _arm(rng: np.random.Generator) -> Arm:
    if rng.random() < 0.6:
        return Arm(shoulder=rng.normal(0.0, 0.15), spread=rng.uniform(0.05, 0.25), elbow=rng.uniform(0.0, 0.5))
    return Arm(shoulder=rng.uniform(-0.5, 2.8), spread=rng.uniform(0.0, 1.4), elbow=rng.uniform(0.0, 2.3))


def _cloth(limb: Limb) -> str:
    """What covers a limb in these clothes."""
    if limb.name.endswith("forearm"):
        return "sleeves"
    return "stockings" if limb.name.endswith("shin") else limb.covering


def _between(first: Rgb, second: Rgb, share: float) -> Rgb:
    red, green, blue = (a + share * (b - a) for a, b in zip(first, second, strict=True))
    return red, green, blue
