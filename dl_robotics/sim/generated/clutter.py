"""A walled square with boxes, cylinders and pacing discs in random places."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

import numpy as np

from dl_robotics.config import require
from dl_robotics.sim.generated.parts import HEIGHT_M, empty_world, pacing_disc, standing, with_models
from dl_robotics.sim.world import Box, Cylinder, Model, World

Found = TypeVar("Found")
Point: TypeAlias = tuple[float, float]
Circle: TypeAlias = tuple[float, float, float]  # x, y, radius in m
Range: TypeAlias = tuple[float, float]

HALF_SIDE_M = 2.1  # of the shipped empty world
ROBOT: Circle = (0.0, 0.0, 0.3)  # it stands there in the world's file, with room around it
ATTEMPTS = 10_000


@dataclass(frozen=True)
class Clutter:
    """How such a world is drawn.

    :param gap_m: least way between things that stand, and to the walls.
    :param side_m: edges of boxes.
    :param radius_m: of cylinders and discs.
    :param speed_mps: of discs.
    :param route_m: length of the way that a disc paces.
    """

    kind: Literal["clutter"] = "clutter"
    boxes: int = 3
    cylinders: int = 3
    movers: int = 4
    gap_m: float = 0.4
    side_m: Range = (0.2, 0.5)
    radius_m: Range = (0.1, 0.2)
    speed_mps: Range = (0.1, 0.3)
    route_m: Range = (1.0, 3.0)

    def __post_init__(self) -> None:
        for name in ("boxes", "cylinders", "movers"):
            require(getattr(self, name) >= 0, name, ">= 0", getattr(self, name))
        require(self.gap_m >= 0.0, "gap_m", ">= 0", self.gap_m)
        for name in ("side_m", "radius_m", "speed_mps", "route_m"):
            low, high = getattr(self, name)
            require(0.0 < low <= high, name, "[low, high] with 0 < low <= high", [low, high])

    def draw(self, rng: np.random.Generator) -> World:
        """A world.

        :raises ValueError: if no place is found for what it asks for.
        """
        taken = [ROBOT]
        models = [_place(rng, f"box_{n}", self._box, taken, self.gap_m) for n in range(self.boxes)]
        models += [_place(rng, f"cylinder_{n}", self._cylinder, taken, self.gap_m) for n in range(self.cylinders)]
        models += [self._mover(rng, f"mover_{n}", taken[1:]) for n in range(self.movers)]
        return with_models(empty_world("clutter"), models)

    def _box(self, rng: np.random.Generator) -> tuple[Box, float]:
        length, width = rng.uniform(*self.side_m, size=2).tolist()
        return Box((length, width, HEIGHT_M)), math.hypot(length, width) / 2.0

    def _cylinder(self, rng: np.random.Generator) -> tuple[Cylinder, float]:
        radius = float(rng.uniform(*self.radius_m))
        return Cylinder(radius, HEIGHT_M), radius

    def _mover(self, rng: np.random.Generator, name: str, standing_circles: list[Circle]) -> Model:
        radius = float(rng.uniform(*self.radius_m))

        def attempt() -> tuple[Point, Point] | None:
            begin, end = (_point(rng, radius + 0.05) for _ in range(2))
            fits = self.route_m[0] <= math.dist(begin, end) <= self.route_m[1]
            clear = all(_apart(begin, end, (x, y)) > r + radius + 0.05 for x, y, r in standing_circles)
            return (begin, end) if fits and clear else None

        return pacing_disc(name, _search(name, attempt), radius, float(rng.uniform(*self.speed_mps)))


def _place(
    rng: np.random.Generator,
    name: str,
    draw: Callable[[np.random.Generator], tuple[Box | Cylinder, float]],
    taken: list[Circle],
    gap_m: float,
) -> Model:
    """Draw something and find it a place; its circle is added to those ``taken``."""
    shape, radius = draw(rng)

    def attempt() -> Point | None:
        here = _point(rng, radius + gap_m)
        return here if all(math.dist(here, (x, y)) > radius + r + gap_m for x, y, r in taken) else None

    x, y = _search(name, attempt)
    taken.append((x, y, radius))
    return standing(name, [(shape, (x, y, float(rng.uniform(-math.pi, math.pi))))])


def _search(name: str, attempt: Callable[[], Found | None]) -> Found:
    for _ in range(ATTEMPTS):
        found = attempt()
        if found is not None:
            return found
    raise ValueError(f"clutter: found no place for {name} in {ATTEMPTS} draws")


def _point(rng: np.random.Generator, from_walls_m: float) -> Point:
    reach = HALF_SIDE_M - from_walls_m
    x, y = rng.uniform(-reach, reach, size=2).tolist()
    return x, y


def _apart(begin: Point, end: Point, point: Point) -> float:
    """Distance of a point from a line segment, m."""
    along, to = np.subtract(end, begin), np.subtract(point, begin)
    share = min(max(float(along @ to) / float(along @ along), 0.0), 1.0)
    return float(np.linalg.norm(to - share * along))
