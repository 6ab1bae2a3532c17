"""Who stands where: discs on the floor that do not overlap."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from dl_robotics.ops.geometry import Array
from dl_robotics.sim.free_space import FreeSpace
from dl_robotics.sim.scenes.backdrop import Disc

TRIES = 24  # places that are looked at for one thing
OUTLOOK_M = 1.0
Point = tuple[float, float]
Mask = npt.NDArray[np.bool_]


class Layout:
    """Footprints in the free space of a backdrop."""

    def __init__(self, free: FreeSpace, discs: list[Disc]) -> None:
        self._free = free
        self._discs = np.array(discs).reshape(-1, 3)

    def stand(self, rng: np.random.Generator, radius_m: float) -> Point | None:
        """Somewhere with room, taken from now on; None if none was found."""
        points = self._free.sample(rng, TRIES)
        return self._take(points[self._fits(points, radius_m)], radius_m)

    def stand_in_view(
        self, rng: np.random.Generator, radius_m: float, eye: Array, half_angle: float, distance_m: tuple[float, float]
    ) -> Point | None:
        """As :meth:`stand`, where nothing of the scenery hides the place.

        :param eye: (3,) x, y and yaw of the one who looks.
        :param half_angle: to either side of the view, rad.
        """
        bearing = eye[2] + rng.uniform(-half_angle, half_angle, TRIES)
        away = rng.uniform(*distance_m, TRIES) + radius_m
        points = eye[:2] + away[:, None] * np.stack([np.cos(bearing), np.sin(bearing)], axis=1)
        return self._take(self._seen(eye, points[self._fits(points, radius_m)]), radius_m)

    def outlook(self, rng: np.random.Generator, eye: Array) -> Point | None:
        """A free place that can be seen from (x, y) and is not too near; None if none was found."""
        points = self._free.sample(rng, TRIES)
        far = np.linalg.norm(points - eye[:2], axis=1) > OUTLOOK_M
        return _first(self._seen(eye, points[far]))

    def _take(self, points: Iterable[Array], radius_m: float) -> Point | None:
        place = _first(points)
        if place is not None:
            self._discs = np.vstack([self._discs, (*place, radius_m)])
        return place

    def _fits(self, points: Array, radius_m: float) -> Mask:
        gaps = np.linalg.norm(points[:, None] - self._discs[:, :2], axis=-1) - self._discs[:, 2]
        apart = gaps.min(axis=1, initial=math.inf) > radius_m
        return np.asarray(apart & (self._free.clearance(points) > radius_m))

    def _seen(self, eye: Array, points: Array) -> Iterable[Array]:
        return (point for point in points if self._free.sees(eye[:2], point))


def _first(points: Iterable[Array]) -> Point | None:
    found = next(iter(points), None)
    return None if found is None else (float(found[0]), float(found[1]))
