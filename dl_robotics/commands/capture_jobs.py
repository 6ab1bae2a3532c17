"""What can be captured: frames of randomised scenes, and films of people."""

from __future__ import annotations

from dataclasses import dataclass

from dl_robotics.commands.captured import Draw, StampedFrame, serialised
from dl_robotics.data.film_messages import film_messages
from dl_robotics.data.frame_messages import ImageCodec, frame_messages
from dl_robotics.data.message_types import standard_types
from dl_robotics.ops.skeleton_layout import SkeletonLayout
from dl_robotics.sim.motion.film_config import FilmConfig
from dl_robotics.sim.motion.films import Films
from dl_robotics.sim.scenes.config import SceneConfig
from dl_robotics.sim.scenes.frames import PURPOSES, LabelledFrames, Purpose

FIRST_NS = 1_000_000_000  # a stamp of 0 means "none" to many tools
PERIOD_NS = 100_000_000  # between the stamps of neighbouring scenes
BETWEEN_FILMS_NS = 2_000_000_000
NS_PER_S = 1e9


@dataclass(frozen=True)
class SceneJob:
    """Scene n is a frame of its own, with the stamp ``FIRST_NS + n * PERIOD_NS``."""

    config: SceneConfig
    seed: int
    purpose: Purpose
    codec: ImageCodec
    ahead: int = 8

    def begin(self) -> Draw:
        """See :class:`~dl_robotics.commands.captured.CaptureJob`."""
        types, frames = standard_types(), LabelledFrames(self.config, self.seed, self.purpose)

        def draw(number: int) -> list[StampedFrame]:
            stamp_ns = FIRST_NS + number * PERIOD_NS
            return [serialised(types, stamp_ns, frame_messages(frames[number], stamp_ns, self.codec))]

        return draw


@dataclass(frozen=True)
class FilmJob:
    """Film n, all frames of it; nobody has the number of somebody in another film."""

    config: FilmConfig
    seed: int
    purpose: Purpose
    codec: ImageCodec
    layout: SkeletonLayout
    ahead: int = 1

    @property
    def frames_each(self) -> int:
        """Frames of a film."""
        return round(self.config.duration_s * self.config.rate_hz)

    def begin(self) -> Draw:
        """See :class:`~dl_robotics.commands.captured.CaptureJob`."""
        # Seeds of films that train are even, of those that judge odd.
        films = Films(self.config, len(PURPOSES) * self.seed + PURPOSES.index(self.purpose), self.layout)
        types, most = standard_types(), self.config.people[1]
        length_ns = round(self.config.duration_s * NS_PER_S) + BETWEEN_FILMS_NS

        def draw(number: int) -> list[StampedFrame]:
            film, made = films[number], []
            for frame in films.frames(film):
                stamp_ns = FIRST_NS + number * length_ns + round(frame.stamp_s * NS_PER_S)
                fov = film.view.horizontal_fov
                made.append(serialised(types, stamp_ns, film_messages(frame, stamp_ns, number * most, fov, self.codec)))
            return made

        return draw
