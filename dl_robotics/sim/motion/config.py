"""What is drawn at random of people who move, and how widely."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from dl_robotics.config import require
from dl_robotics.sim.motion.activities import ACTIVITIES
from dl_robotics.sim.motion.person import Range
from dl_robotics.sim.scenes.config import check_range, check_share


@dataclass(frozen=True)
class ViewConfig:
    """The camera that looks at a person.

    :param width: pixels.
    :param height: pixels.
    :param horizontal_fov_deg: field of view.
    :param distance_m: from the person.
    :param height_m: above the floor.
    :param bearing_deg: of the camera as the person sees it at first; 0 is ahead.
    :param roll_deg: about the line of sight.
    :param aim_m: how far beside the middle of the person's way the camera aims.
    :param follow: share of the views that turn with the person.
    :param accompany: share of the views whose camera moves along with the person.
    """

    width: int = 640
    height: int = 480
    horizontal_fov_deg: Range = (50.0, 80.0)
    distance_m: Range = (2.0, 6.0)
    height_m: Range = (0.15, 1.8)
    bearing_deg: Range = (-180.0, 180.0)
    roll_deg: Range = (-3.0, 3.0)
    aim_m: float = 0.3
    follow: float = 0.5
    accompany: float = 0.2

    def __post_init__(self) -> None:
        require(self.width >= 16, "width", ">= 16", self.width)
        require(self.height >= 16, "height", ">= 16", self.height)
        check_range("horizontal_fov_deg", self.horizontal_fov_deg, 5.0, 150.0)
        check_range("distance_m", self.distance_m, 0.5, 50.0)
        check_range("height_m", self.height_m, 0.02, 10.0)
        check_range("bearing_deg", self.bearing_deg, -360.0, 360.0)
        check_range("roll_deg", self.roll_deg, -180.0, 180.0)
        require(self.aim_m >= 0.0, "aim_m", ">= 0", self.aim_m)
        check_share("follow", self.follow)
        check_share("accompany", self.accompany)


@dataclass(frozen=True)
class NoiseConfig:
    """How joints are found, as pose networks find them; lengths are shares of the person's size.

    :param jitter: standard deviation from frame to frame, drawn for each clip.
    :param drift: of slow errors.
    :param bias: of errors that a joint keeps throughout a clip: every network has its own idea of where a hip is.
    :param occluded: share of clips in which some joints are not seen for a while, or throughout.
    :param cut: share of clips that see one end of the body only.
    :param entering: share of clips at whose begin nobody is found yet.
    :param missed: share of frames in which nobody is found, from, to.
    :param swapped: share of frames in which left and right legs, or arms, are taken for each other.
    :param turned: share of clips in a stretch of which the back is taken for the front: all of left and right swapped.
    """

    jitter: Range = (0.0, 0.012)
    drift: Range = (0.0, 0.035)
    bias: float = 0.018
    occluded: float = 0.3
    cut: float = 0.1
    entering: float = 0.15
    missed: Range = (0.0, 0.1)
    swapped: Range = (0.0, 0.05)
    turned: float = 0.3

    def __post_init__(self) -> None:
        for name in ("jitter", "drift", "missed", "swapped"):
            check_range(name, getattr(self, name), 0.0, 1.0)
        for name in ("bias", "occluded", "cut", "entering", "turned"):
            check_share(name, getattr(self, name))


@dataclass(frozen=True)
class MotionConfig:
    """Clips of one person each.

    :param activities: what is shown, in the order of the class ids.
    :param coordinates: ``pixels`` of the camera of ``view``, or ``metres``: x forward and y left as the person stood at
        first, z up.
    :param duration_s: of a clip.
    :param rate_hz: frames a second.
    :param shown: the share of a change (sitting down, falling) that a clip must show.
    :param height_m: of the people.
    :param pace: factor on the speed of all movements.
    """

    activities: tuple[str, ...] = tuple(ACTIVITIES)
    coordinates: Literal["pixels", "metres"] = "pixels"
    duration_s: float = 2.0
    rate_hz: float = 15.0
    shown: float = 0.7
    height_m: Range = (1.2, 1.95)
    pace: Range = (0.8, 1.25)
    view: ViewConfig = field(default_factory=ViewConfig)
    noise: NoiseConfig = field(default_factory=NoiseConfig)

    def __post_init__(self) -> None:
        for name in self.activities:
            require(name in ACTIVITIES, "activities", f"some of {', '.join(ACTIVITIES)}", name)
        require(len(set(self.activities)) == len(self.activities) >= 2, "activities", "two or more", self.activities)
        require(0.1 <= self.duration_s <= 60.0, "duration_s", "within [0.1, 60]", self.duration_s)
        require(1.0 <= self.rate_hz <= 240.0, "rate_hz", "within [1, 240]", self.rate_hz)
        require(0.0 < self.shown <= 1.0, "shown", "within (0, 1]", self.shown)
        check_range("height_m", self.height_m, 0.5, 2.5)
        check_range("pace", self.pace, 0.2, 5.0)
