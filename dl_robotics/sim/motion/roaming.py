"""People who do one thing after another, as it comes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dl_robotics.sim.motion.activities import ACTIVITIES, RESTS, State, change_seconds

KEPT_UP_S = (2.0, 4.5)  # for so long people do what could go on


def random_script(
    activities: Sequence[str], pace: float, duration_s: float, rng: np.random.Generator
) -> list[tuple[str, float]]:
    """Activities with the seconds that each takes, for at least so long.

    Each begins as the one before has ended. Where none does, people rest.

    :param activities: to choose from, all as likely.
    """
    state: State = "sitting" if "sit" in activities and rng.random() < 0.2 else "standing"
    script: list[tuple[str, float]] = []
    while sum(taken_s for _, taken_s in script) < duration_s:
        last = script[-1][0] if script else ""
        fitting = [name for name in activities if ACTIVITIES[name].begins == state and name != last]
        name = fitting[int(rng.integers(len(fitting)))] if fitting else RESTS[state]
        activity = ACTIVITIES[name]
        lasts_s = rng.uniform(*KEPT_UP_S) if activity.change_s is None else change_seconds(name, pace, rng)
        script.append((name, lasts_s))
        state = activity.ends
    return script
