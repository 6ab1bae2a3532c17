"""Where films are made: a floor under some light, and seats for those who sit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dl_robotics.ops.geometry import Array, transform
from dl_robotics.sim.motion.activities import ACTIVITIES
from dl_robotics.sim.motion.performance import Performance
from dl_robotics.sim.scenes.config import LightConfig
from dl_robotics.sim.scenes.looks import Looks, ambient, colour, lights
from dl_robotics.sim.scenes.scene import Part, Rgb, Thing
from dl_robotics.sim.world import Box, Light, Plane

FLOOR_M = 60.0
MUTED = 0.4  # saturation of floor and sky
SEAT_M = 0.42  # edge of a seat
HIPS = 0.062  # radius of the hips as a share of the height
LOWEST_SEAT_M = 0.1


@dataclass(frozen=True, eq=False)
class StageSet:
    """What stands still around the people."""

    things: tuple[Thing, ...]
    lights: tuple[Light, ...]
    ambient: Rgb
    sky: Rgb


def random_set(rng: np.random.Generator, looks: Looks, config: LightConfig, seats: tuple[Part, ...]) -> StageSet:
    """A floor with seats on it."""
    floor = Part(Plane(size=(FLOOR_M, FLOOR_M)), np.eye(4), looks.surface(rng, MUTED))
    things = (Thing(0, (floor,)), Thing(0, seats))
    return StageSet(things, lights(rng, config, (0.0, 0.0)), ambient(rng, config), colour(rng, MUTED))


def seats_of(
    performance: Performance, places: dict[str, Array], times_s: Array, rng: np.random.Generator, looks: Looks
) -> tuple[Part, ...]:
    """A stool wherever somebody sits.

    :param places: (T, 3) of the figure's joints in the world.
    :param times_s: (T,) of them.
    """
    finish, found = looks.surface(rng), []
    for segment in performance.segments:
        sits = ACTIVITIES[segment.activity].ends == "sitting" and times_s[0] <= segment.end_s
        if sits and segment.begin_s < times_s[-1]:
            frame = min(int(np.searchsorted(times_s, segment.end_s)), len(times_s) - 1)
            x, y, z = places["pelvis"][frame]
            height_m = float(z) - performance.person.body.radius(HIPS)
            if height_m > LOWEST_SEAT_M:
                found.append(Part(Box((SEAT_M, SEAT_M, height_m)), transform((x, y, height_m / 2.0)), finish))
    return tuple(found)
