"""Somebody doing something before a camera."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dl_robotics.ops.geometry import Array
from dl_robotics.sim.motion.activities import ACTIVITIES, RESTS, WAYS, change_seconds
from dl_robotics.sim.motion.config import MotionConfig
from dl_robotics.sim.motion.performance import Performance, perform
from dl_robotics.sim.motion.person import random_person
from dl_robotics.sim.motion.view import View, random_view

EARLY_S = 1.0  # what goes on as long as one likes has begun so long before, at most
WALKED = 0.3  # share of takes before which somebody was walking who might have stood
LATE = 0.15  # shares of the period by which stamps are late, at most
PEOPLE, TAKES = 0, 1  # what a random generator is for


@dataclass(frozen=True, eq=False)
class Take:
    """A short stretch of one activity.

    :param stamps_s: (T,) seconds from the begin.
    :param places: (T, 3) by the names of a figure's joints, m; x ahead of where the person faced at first, z up.
    :param view: of the camera.
    :param label: number of the activity.
    :param subject: number of the person.
    """

    performance: Performance
    stamps_s: Array
    places: dict[str, Array]
    view: View
    label: int
    subject: int


def draw_take(seed: int, index: int, config: MotionConfig, rng: np.random.Generator, lead_s: float = 0.0) -> Take:
    """Take number ``index`` of a seed.

    Activities take turns, and after all of them comes the next person: take i shows activity i % n of person i // n.

    :param rng: what is drawn at random comes from here, but for the person.
    :param lead_s: seconds before the begin that are seen as well; their stamps are negative.
    """
    subject, label = divmod(index, len(config.activities))
    person = random_person(np.random.default_rng((seed, PEOPLE, subject)), config.height_m, config.pace)
    stamps_s = _stamps(config, lead_s, rng)
    performance = perform(person, _script(config.activities[label], config, person.pace, rng), rng)
    places = performance.places(stamps_s)
    return Take(performance, stamps_s, places, random_view(rng, config.view, places["pelvis"]), label, subject)


def generator_of(seed: int, index: int) -> np.random.Generator:
    """The random generator of a take."""
    return np.random.default_rng((seed, TAKES, index))


def _stamps(config: MotionConfig, lead_s: float, rng: np.random.Generator) -> Array:
    frames, before = max(2, round(config.duration_s * config.rate_hz)), round(lead_s * config.rate_hz)
    stamps_s = (np.arange(-before, frames) + rng.uniform(0.0, LATE, before + frames)) / config.rate_hz
    return np.asarray(stamps_s - stamps_s[before])


def _script(name: str, config: MotionConfig, pace: float, rng: np.random.Generator) -> list[tuple[str, float]]:
    """An activity, and what fits before and after it, which may lie outside the take.

    The take shows at least the share ``shown`` of a change; what goes on as long as one likes fills that share of it.
    """
    activity, take_s = ACTIVITIES[name], config.duration_s
    if activity.change_s is None:
        before_s = rng.uniform(-EARLY_S, (1.0 - config.shown) * take_s)
        way = WAYS.get(activity.begins)
        led_s = change_seconds(way, pace, rng) if way else 0.0
        arriving = [(way, led_s)] if way else []
        return [(_standing(rng), before_s - led_s), *arriving, (name, EARLY_S + take_s)]
    taken_s = change_seconds(name, pace, rng)
    hidden_s = (1.0 - config.shown) * taken_s
    before_s = rng.uniform(-hidden_s, max(take_s - taken_s + hidden_s, 0.0))
    first = _standing(rng) if activity.begins == "standing" else RESTS[activity.begins]
    return [(first, before_s), (name, taken_s), (RESTS[activity.ends], take_s)]


def _standing(rng: np.random.Generator) -> str:
    """What somebody was doing on the feet."""
    return "walk" if rng.random() < WALKED else "stand"
