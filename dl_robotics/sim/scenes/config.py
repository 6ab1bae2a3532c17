"""What is drawn at random, and how widely."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from dl_robotics.config import require
from dl_robotics.sim.labels import BoxRule

Range = tuple[float, float]
Count = tuple[int, int]


def check_range(name: str, value: Range | Count, lowest: float, highest: float) -> None:
    """Refuse two numbers that do not rise within bounds."""
    fits = lowest <= value[0] <= value[1] <= highest
    require(fits, name, f"two numbers that rise within [{lowest:g}, {highest:g}]", value)


def check_share(name: str, value: float) -> None:
    """Refuse a number outside [0, 1]."""
    require(0.0 <= value <= 1.0, name, "within [0, 1]", value)


@dataclass(frozen=True)
class CameraConfig:
    """The camera: the robot's own, but for these.

    :param width: pixels.
    :param height: pixels.
    :param height_m: above the floor.
    :param pitch_deg: down is positive.
    :param fov_factor: on the horizontal field of view of the robot's camera.
    """

    width: int = 320
    height: int = 240
    height_m: Range = (0.1, 0.4)
    pitch_deg: Range = (-10.0, 10.0)
    roll_deg: Range = (-3.0, 3.0)
    fov_factor: Range = (0.85, 1.2)

    def __post_init__(self) -> None:
        require(self.width >= 16, "width", ">= 16", self.width)
        require(self.height >= 16, "height", ">= 16", self.height)
        check_range("height_m", self.height_m, 0.02, 10.0)
        check_range("pitch_deg", self.pitch_deg, -89.0, 89.0)
        check_range("roll_deg", self.roll_deg, -180.0, 180.0)
        check_range("fov_factor", self.fov_factor, 0.1, 2.0)


@dataclass(frozen=True)
class LightConfig:
    """Sun, lamps and what surrounds them; strengths are factors on white.

    :param elevation_deg: of the sun above the horizon.
    :param tint: the weakest colour of a light, as a share of its strongest.
    :param lamp: share of frames with a lamp.
    """

    sun: Range = (0.3, 1.0)
    elevation_deg: Range = (20.0, 88.0)
    ambient: Range = (0.25, 0.7)
    tint: Range = (0.75, 1.0)
    lamp: float = 0.3

    def __post_init__(self) -> None:
        check_range("sun", self.sun, 0.0, 1.0)
        check_range("elevation_deg", self.elevation_deg, 0.0, 90.0)
        check_range("ambient", self.ambient, 0.0, 1.0)
        check_range("tint", self.tint, 0.0, 1.0)
        check_share("lamp", self.lamp)


@dataclass(frozen=True)
class SceneConfig:
    """Randomised scenes.

    :param worlds: backdrops, by file or shipped name, with how often each is drawn in proportion to the others.
    :param things: how many of each kind are added, at least and at most: ``person``, ``box``, ``cylinder``, ``ball``,
        ``robot``, and ``distractor``, which has no class.
    :param classes: file or shipped name of the class list.
    :param as_filed: share of frames that show a world as its file has it, from a random place on its floor.
    :param plain: share of the other frames whose floor, walls, sky and light are the world's.
    :param keep: share of the other frames in which the world's own things stay where they are.
    :param textured: share of surfaces with a texture.
    :param textures: how many are drawn at all.
    :param distance_m: of things from the camera.
    :param boxes: which things get a box.
    """

    worlds: Mapping[str, float]
    things: Mapping[str, Count]
    classes: str = "classes"
    as_filed: float = 0.2
    plain: float = 0.3
    keep: float = 0.3
    textured: float = 0.4
    textures: int = 24
    distance_m: Range = (0.5, 6.0)
    camera: CameraConfig = field(default_factory=CameraConfig)
    light: LightConfig = field(default_factory=LightConfig)
    boxes: BoxRule = field(default_factory=BoxRule)

    def __post_init__(self) -> None:
        weights = self.worlds.values()
        fits = all(math.isfinite(weight) and weight >= 0.0 for weight in weights) and sum(weights) > 0.0
        require(fits, "worlds", "weights >= 0, not all 0", dict(self.worlds))
        for kind, count in self.things.items():
            check_range(f"things.{kind}", count, 0, 20)
        for name in ("as_filed", "plain", "keep", "textured"):
            check_share(name, getattr(self, name))
        require(1 <= self.textures <= 256, "textures", "within [1, 256]", self.textures)
        check_range("distance_m", self.distance_m, 0.2, 50.0)
