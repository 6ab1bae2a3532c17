"""Everybody in view, each with a window of their own, from when they come to some time after they have left."""

from __future__ import annotations

from dl_robotics.action.settings import RecogniserSettings
from dl_robotics.action.window import Seen, Window
from dl_robotics.ops.skeletons import Skeletons
from dl_robotics.ops.smoothing import Smoothed

NS_PER_S = 1e9


class Person:
    """One person in view.

    ``seen_s`` is the time of their last frame, with which ``ticks`` of their window have come to an end.

    :param number: of their track.
    """

    def __init__(self, number: int, window: Window) -> None:
        self.number, self.window = number, window
        self.activity = Smoothed()
        self.seen_s = 0.0
        self.ticks = 0


class People:
    """Gives each frame's people to their windows, in the order of the stamps.

    A frame that is not later than the last one is left out. Where time jumps back by more than ``forget_s``, as when a
    bag begins again, nobody is known any more.

    :param frames: of a window.
    :param rate_hz: of a window.
    :param num_joints: J.
    """

    def __init__(self, frames: int, rate_hz: float, num_joints: int) -> None:
        self._frames, self._rate_hz, self._num_joints = frames, rate_hz, num_joints
        self._origin_ns: int | None = None
        self._time_s = 0.0
        self._persons: dict[int, Person] = {}

    def __len__(self) -> int:
        return len(self._persons)

    def reset(self) -> None:
        """Forget everybody, and the time."""
        self._origin_ns, self._persons = None, {}

    def get(self, number: int) -> Person | None:
        """A person by the number of their track; None if they are not known."""
        return self._persons.get(number)

    def see(self, skeletons: Skeletons, stamp_ns: int, settings: RecogniserSettings) -> list[Person]:
        """Take in a frame.

        :param skeletons: of whom something was seen.
        :returns: its people, in order; nobody if the frame is no news.
        """
        time_s = 0.0 if self._origin_ns is None else (stamp_ns - self._origin_ns) / NS_PER_S
        if self._origin_ns is None or time_s < self._time_s - settings.forget_s:
            self.reset()
            self._origin_ns, time_s = stamp_ns, 0.0
        elif time_s <= self._time_s:
            return []
        self._time_s = time_s
        known = self._persons.items()
        self._persons = {number: one for number, one in known if time_s - one.seen_s <= settings.forget_s}
        seen = zip(skeletons.persons.tolist(), skeletons.joints, skeletons.scores, strict=True)
        return [self._see(number, Seen(time_s, *places), settings.max_gap_s) for number, *places in seen]

    def _see(self, number: int, seen: Seen, max_gap_s: float) -> Person:
        if number not in self._persons:
            self._persons[number] = Person(number, Window(self._frames, self._rate_hz, self._num_joints))
        person = self._persons[number]
        person.ticks, person.seen_s = person.window.add(seen, max_gap_s), seen.time_s
        return person
