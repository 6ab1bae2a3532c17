"""What takes people from one posture to another: sit down, stand up, pick up and fall; makers as in ``acts.py``."""

from __future__ import annotations

import numpy as np

from dl_robotics.ops.geometry import Array
from dl_robotics.sim.motion.acts import Act
from dl_robotics.sim.motion.blend import blend, bump, ease, scaled, shifted
from dl_robotics.sim.motion.person import Person
from dl_robotics.sim.scenes.figure import Arm, Leg, Posture


def sit_down(person: Person, rng: np.random.Generator, duration_s: float) -> Act:
    """From standing onto a seat; the trunk bends forward on the way."""
    arm = Arm(rng.uniform(0.0, 0.5))
    reach = Posture(stoop=rng.uniform(0.3, 0.7), nod=rng.uniform(-0.3, 0.0), left_arm=arm, right_arm=arm)
    return _change(person.standing, person.sitting, reach, duration_s)


def stand_up(person: Person, rng: np.random.Generator, duration_s: float) -> Act:
    """From a seat to standing; the trunk bends forward first."""
    arm = Arm(rng.uniform(0.0, 0.6))
    push = Posture(stoop=rng.uniform(0.4, 0.8), nod=rng.uniform(-0.3, 0.0), left_arm=arm, right_arm=arm)
    return _change(person.sitting, person.standing, push, duration_s, lead=rng.uniform(1.1, 1.6))


def _change(first: Posture, last: Posture, way: Posture, duration_s: float, lead: float = 1.0) -> Act:
    """From one posture to another.

    :param way: what comes on top half way.
    :param lead: how much faster that goes at first than the rest.
    """

    def act(time_s: Array) -> Posture:
        share = np.clip(time_s / duration_s, 0.0, 1.0)
        return shifted(blend(first, last, ease(share)), scaled(way, bump(share ** (1.0 / lead))))

    return act


def pick_up(person: Person, rng: np.random.Generator, duration_s: float) -> Act:
    """Down to the floor with one hand or both, and up again."""
    low = _reaching_down(person, rng)
    hold = rng.uniform(0.0, 0.15)

    def act(time_s: Array) -> Posture:
        share = time_s / duration_s
        down = ease(share / (0.5 - hold)) * ease((1.0 - share) / (0.5 - hold))
        return blend(person.standing, low, down)

    return act


def _reaching_down(person: Person, rng: np.random.Generator) -> Posture:
    """Anything from a bent back over straight legs to a squat."""
    squat = rng.random()
    hip, knee = 0.35 + 1.5 * squat, 0.2 + 1.9 * squat
    stoop = 1.75 - 1.0 * squat + rng.normal(0.0, 0.1)
    spread = rng.uniform(0.05, 0.3)
    leg = Leg(hip=hip - 0.25, spread=spread, knee=knee, ankle=knee - hip + 0.25)
    reach = Arm(
        shoulder=min(stoop, 1.6) + rng.normal(0.0, 0.15), spread=rng.uniform(0.0, 0.2), elbow=rng.uniform(0.0, 0.3)
    )
    other = reach if rng.random() < 0.5 else blend(reach, person.standing.left_arm, rng.uniform(0.6, 1.0))
    left, right = (reach, other) if rng.random() < 0.5 else (other, reach)
    return Posture(leg, leg, left, right, stoop=stoop, lean=rng.normal(0.0, 0.08), twist=rng.normal(0.0, 0.2), nod=-0.2)


def fall(person: Person, rng: np.random.Generator, duration_s: float) -> Act:
    """From standing to the floor, faster and faster; the knees give way, or the body tips over stiff."""
    give = rng.uniform(0.0, 1.0)
    knees = Leg(hip=0.7 * give, knee=1.4 * give, ankle=0.5 * give)
    flail = Arm(rng.uniform(0.0, 1.4), rng.uniform(0.2, 1.2), rng.uniform(0.0, 1.0))
    way = Posture(knees, knees, flail, flail, stoop=rng.uniform(-0.1, 0.5) * give)
    rate = rng.uniform(1.8, 2.6)  # an upright pole falls exponentially; a power is near that and has an end

    def act(time_s: Array) -> Posture:
        share = np.clip(time_s / duration_s, 0.0, 1.0)
        return shifted(blend(person.standing, person.lying, share**rate), scaled(way, bump(share)))

    return act
