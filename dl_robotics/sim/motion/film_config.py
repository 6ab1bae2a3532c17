"""What films of people show."""

from __future__ import annotations

from dataclasses import dataclass, field

from dl_robotics.config import require
from dl_robotics.sim.motion.config import MotionConfig, ViewConfig
from dl_robotics.sim.scenes.config import LightConfig, check_range, check_share


def _view() -> ViewConfig:
    # BlazePose's own detector finds people who fill a third of the image's height or more, which is so up to 4 m.
    return ViewConfig(
        horizontal_fov_deg=(50.0, 70.0), distance_m=(2.5, 4.0), height_m=(0.3, 1.8), follow=1.0, accompany=1.0
    )


@dataclass(frozen=True, kw_only=True)
class FilmConfig(MotionConfig):
    """Films of people who do one thing after another.

    :param duration_s: of a film.
    :param people: in a film, from, to; where there is no room there are fewer.
    :param area_m: people begin within so much of the middle.
    :param textured: share of surfaces with a texture.
    :param textures: how many are drawn at all.
    """

    duration_s: float = 10.0
    people: tuple[int, int] = (1, 2)
    area_m: float = 1.5
    view: ViewConfig = field(default_factory=_view)
    textured: float = 0.2
    textures: int = 16
    light: LightConfig = field(default_factory=lambda: LightConfig(ambient=(0.4, 0.7)))

    def __post_init__(self) -> None:
        super().__post_init__()
        check_range("people", self.people, 1, 8)
        require(self.area_m >= 0.0, "area_m", ">= 0", self.area_m)
        check_share("textured", self.textured)
        require(1 <= self.textures <= 256, "textures", "within [1, 256]", self.textures)
