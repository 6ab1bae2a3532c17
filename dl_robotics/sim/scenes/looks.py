"""Colours, finishes and lights, drawn at random."""

from __future__ import annotations

import colorsys
import math

import numpy as np

from dl_robotics.ops.geometry import transform
from dl_robotics.sim.scenes.config import LightConfig
from dl_robotics.sim.scenes.scene import PLAIN, Finish, Rgb
from dl_robotics.sim.world import Light

SHINY = 0.15  # share of surfaces
LAMP_AREA_M = 3.0  # half the edge of the square in which lamps hang
LAMP_HEIGHT_M = (1.0, 3.0)


class Looks:
    """Draws finishes.

    :param textured: share of surfaces with a texture.
    :param textures: how many there are.
    """

    def __init__(self, textured: float, textures: int) -> None:
        self._textured, self._textures = textured, textures

    def surface(self, rng: np.random.Generator, saturation: float = 1.0) -> Finish:
        """Any finish.

        :param saturation: factor on the colour's; small for floors and walls.
        """
        texture = int(rng.integers(self._textures)) if rng.random() < self._textured else PLAIN
        return Finish(colour(rng, saturation), texture, bool(rng.random() < SHINY))


def colour(rng: np.random.Generator, saturation: float = 1.0) -> Rgb:
    """Any hue, from nearly black to white, from grey to vivid."""
    return colorsys.hsv_to_rgb(rng.random(), saturation * math.sqrt(rng.random()), rng.uniform(0.15, 1.0))


def lights(rng: np.random.Generator, config: LightConfig, centre: tuple[float, float]) -> tuple[Light, ...]:
    """A sun, and now and then a lamp near a place (x, y) on the floor."""
    elevation, azimuth = math.radians(rng.uniform(*config.elevation_deg)), rng.uniform(-math.pi, math.pi)
    level = math.cos(elevation)
    direction = (level * math.cos(azimuth), level * math.sin(azimuth), -math.sin(elevation))
    sun = Light("sun", "directional", np.eye(4), _bright(rng, config), (0.2, 0.2, 0.2, 1.0), direction)
    if rng.random() >= config.lamp:
        return (sun,)
    place = (*(np.array(centre) + rng.uniform(-LAMP_AREA_M, LAMP_AREA_M, 2)), rng.uniform(*LAMP_HEIGHT_M))
    return sun, Light("lamp", "point", transform(place), _bright(rng, config))


def ambient(rng: np.random.Generator, config: LightConfig) -> Rgb:
    """Light from everywhere."""
    return _tinted(rng, config, rng.uniform(*config.ambient))


def _bright(rng: np.random.Generator, config: LightConfig) -> tuple[float, float, float, float]:
    return *_tinted(rng, config, rng.uniform(*config.sun)), 1.0


def _tinted(rng: np.random.Generator, config: LightConfig, strength: float) -> Rgb:
    red, green, blue = strength * rng.uniform(*config.tint, 3)
    return float(red), float(green), float(blue)
