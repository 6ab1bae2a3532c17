"""The activities by name: how each begins and ends, how long it takes, who makes its act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from dl_robotics.sim.motion import acts, changes
from dl_robotics.sim.motion.acts import Act
from dl_robotics.sim.motion.person import Person, Range

State = Literal["standing", "sitting", "lying"]


@dataclass(frozen=True)
class Activity:
    """One thing that people do.

    :param make: draws how it is done this time, given how many seconds it lasts.
    :param begins: what state it is done from.
    :param ends: what state it leads to.
    :param change_s: how long it takes at a pace of 1, from, to; None for what goes on as long as one likes.
    :param travels: whether it leads to another place.
    """

    make: Callable[[Person, np.random.Generator, float], Act]
    begins: State = "standing"
    ends: State = "standing"
    change_s: Range | None = None
    travels: bool = False


ACTIVITIES: Mapping[str, Activity] = {
    "stand": Activity(acts.stand),
    "walk": Activity(acts.walk, travels=True),
    "run": Activity(acts.run, travels=True),
    "sit_down": Activity(changes.sit_down, ends="sitting", change_s=(0.9, 1.7)),
    "stand_up": Activity(changes.stand_up, begins="sitting", change_s=(0.9, 1.7)),
    "wave": Activity(acts.wave),
    "pick_up": Activity(changes.pick_up, change_s=(1.4, 2.4)),
    "fall": Activity(changes.fall, ends="lying", change_s=(0.6, 1.1)),
    "sit": Activity(acts.sit, begins="sitting", ends="sitting"),
    "lie": Activity(acts.lie, begins="lying", ends="lying"),
}
WAYS: Mapping[State, str] = {"sitting": "sit_down", "lying": "fall"}  # how people get there from standing
RESTS: Mapping[State, str] = {"standing": "stand", "sitting": "sit", "lying": "lie"}  # what people do when nothing else


def change_seconds(name: str, pace: float, rng: np.random.Generator) -> float:
    """How long a change takes this time.

    :param pace: of the person.
    :raises ValueError: for an activity that goes on as long as one likes.
    """
    lasts_s = ACTIVITIES[name].change_s
    if lasts_s is None:
        raise ValueError(f"activity: expected one that changes something, got {name!r}")
    return float(rng.uniform(*lasts_s)) / pace
