"""One person who does one thing after another."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dl_robotics.ops.geometry import Array
from dl_robotics.sim.motion.activities import ACTIVITIES
from dl_robotics.sim.motion.acts import Act
from dl_robotics.sim.motion.blend import blend, ease
from dl_robotics.sim.motion.person import Person
from dl_robotics.sim.scenes.figure import Posture, joint_places

PASSAGE_S = 0.35  # from one act to the next
GROUND = 0.01  # share of the height: a foot this much higher than the other one carries a third of what that carries
SOLES = ("left_heel", "left_toe", "right_heel", "right_toe")


@dataclass(frozen=True, eq=False)
class Segment:
    """A stretch of a performance."""

    activity: str
    begin_s: float
    end_s: float
    act: Act


@dataclass(frozen=True, eq=False)
class Performance:
    """Segments without gaps.

    :param turn_rate: rad/s to the left while travelling.
    """

    person: Person
    segments: tuple[Segment, ...]
    turn_rate: float = 0.0

    def activity(self, times_s: Array) -> npt.NDArray[np.str_]:
        """(T,) names; the first and the last activity go on before and after."""
        begins = [segment.begin_s for segment in self.segments[1:]]
        return np.array([segment.activity for segment in self.segments])[np.searchsorted(begins, times_s, "right")]

    def posture(self, times_s: Array) -> Posture:
        """Of all times (T,)."""
        first, *others = self.segments
        posture = first.act(times_s - first.begin_s)
        for segment in others:
            after_s = times_s - segment.begin_s
            posture = blend(posture, segment.act(after_s), ease(after_s * self.person.pace / PASSAGE_S))
        return posture

    def places(self, times_s: Array) -> dict[str, Array]:
        """(T, 3) places by the names of joints, m: on the floor z = 0, at first near the origin and facing x.

        The feet that carry the body stay where they are; this moves the rest.

        :param times_s: (T,) rising; steps of more than a tenth of a stride make the feet slide.
        """
        places = joint_places(self.person.body, self.posture(times_s))
        heading = _integral(self.turn_rate * self._travelling(times_s), times_s)
        cos, sin = np.cos(heading), np.sin(heading)
        turned = {
            name: np.stack([cos * p[..., 0] - sin * p[..., 1], sin * p[..., 0] + cos * p[..., 1], p[..., 2]], axis=-1)
            for name, p in places.items()
        }
        path = _carried(turned, self.person.body.length(GROUND))
        return {name: place + path for name, place in turned.items()}

    def _travelling(self, times_s: Array) -> Array:
        travels = [name for name, activity in ACTIVITIES.items() if activity.travels]
        return np.isin(self.activity(times_s), travels).astype(np.float64)


def _integral(rate: Array, times_s: Array) -> Array:
    steps = (rate[1:] + rate[:-1]) / 2.0 * np.diff(times_s)
    return np.asarray(np.concatenate([[0.0], np.cumsum(steps)]), np.float64)


def _carried(places: dict[str, Array], ground_m: float) -> Array:
    """(T, 3) path of the pelvis that keeps those parts of the feet in place that are on the ground."""
    soles = np.stack([places[name] for name in SOLES])  # (4, T, 3)
    heights = soles[..., 2]
    carrying = np.exp((heights.min(axis=0) - heights) / ground_m)
    carrying = carrying[:, 1:] * carrying[:, :-1]
    steps = (np.diff(soles[..., :2], axis=1) * carrying[..., None]).sum(axis=0) / carrying.sum(axis=0)[:, None]
    path = np.zeros((soles.shape[1], 3))
    path[1:, :2] = -np.cumsum(steps, axis=0)
    return path


def perform(person: Person, script: Sequence[tuple[str, float]], rng: np.random.Generator) -> Performance:
    """A person doing what a script says.

    :param script: names of activities with the seconds that each takes; the first begins at 0.
    """
    ends_s = list(itertools.accumulate(duration_s for _, duration_s in script))
    segments = [
        Segment(name, end_s - duration_s, end_s, ACTIVITIES[name].make(person, rng, duration_s))
        for (name, duration_s), end_s in zip(script, ends_s, strict=True)
    ]
    return Performance(person, tuple(segments), turn_rate=rng.normal(0.0, 0.3))
