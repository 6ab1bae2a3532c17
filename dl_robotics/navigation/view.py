"""Episodes seen from above, as images: for ``render()``, films and figures."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from dl_robotics.ops.geometry import apply, transform_from_planar
from dl_robotics.sim.engine import Array
from dl_robotics.sim.free_space import MARGIN_M, FreeSpace
from dl_robotics.sim.shapes import Disc, Outline, collisions, project
from dl_robotics.sim.world import Model, World

Image = npt.NDArray[np.uint8]

FLOOR, STATIC, MOVER = (245, 245, 245), (90, 90, 100), (200, 120, 40)
ROBOT, GOAL, LIDAR, PATH = (30, 90, 200), (30, 160, 60), (250, 190, 190), (120, 160, 230)
PIXELS_PER_M = 80
BORDER_M = 0.3  # around what stands still
CIRCLE_POINTS = 48


class TopView:
    """Draws one world from above, x to the right and y up, at :data:`PIXELS_PER_M`.

    :param world: what is drawn.
    :param free_space: its extent bounds the picture.
    :param robot_radius_m: the robot's footprint.
    """

    def __init__(self, world: World, free_space: FreeSpace, robot_radius_m: float) -> None:
        low, high = free_space.bounds
        self.low, self.high = low + (MARGIN_M - BORDER_M), high - (MARGIN_M - BORDER_M)
        self.robot_radius_m = robot_radius_m
        self._movers = [list(_outlines(model, np.eye(4))) for model in world.movers]
        width, height = np.ceil((self.high - self.low) * PIXELS_PER_M).astype(int)
        self.background = np.full((height, width, 3), FLOOR, dtype=np.uint8)
        for model in world.models:
            if model.drive is None and model.follower is None:
                for outline in _outlines(model, model.pose):
                    self._fill(self.background, outline, STATIC)

    def draw(
        self, pose: Array, goal: Array, mover_pose: Array, hits: Array | None = None, path: Array | None = None
    ) -> Image:
        """One moment.

        :param pose: (3,) robot x, y in m, yaw in rad.
        :param goal: (2,) m.
        :param mover_pose: (movers, 3).
        :param hits: (n, 2) where the lidar's rays end, m.
        :param path: (n, 2) where the robot has been, m.
        :returns: (height, width, 3) RGB.
        """
        image = self.background.copy()
        for hit in () if hits is None else hits:
            self._line(image, np.stack([pose[:2], hit]), LIDAR, 1)
        for outlines, at in zip(self._movers, mover_pose, strict=True):
            for outline in outlines:
                self._fill(image, outline, MOVER, transform_from_planar(at))
        if path is not None:
            self._line(image, path, PATH, 2)
        self._fill(image, Disc(float(goal[0]), float(goal[1]), 0.06), GOAL)
        self._fill(image, Disc(float(pose[0]), float(pose[1]), self.robot_radius_m), ROBOT)
        nose = pose[:2] + self.robot_radius_m * np.array([np.cos(pose[2]), np.sin(pose[2])])
        self._line(image, np.stack([pose[:2], nose]), FLOOR, 2)
        return image

    def _fill(self, image: Image, outline: Outline, colour: tuple[int, int, int], at: Array | None = None) -> None:
        points = _points(outline)
        if at is not None:
            points = apply(at, np.insert(points, 2, 0.0, axis=1))[:, :2]
        cv2.fillPoly(image, [self._pixels(points)], colour, cv2.LINE_AA)

    def _line(self, image: Image, points: Array, colour: tuple[int, int, int], width: int) -> None:
        cv2.polylines(
            image, [self._pixels(points)], isClosed=False, color=colour, thickness=width, lineType=cv2.LINE_AA
        )

    def _pixels(self, points: Array) -> npt.NDArray[np.int32]:
        upright = np.stack([points[:, 0] - self.low[0], self.high[1] - points[:, 1]], axis=1)
        return np.asarray(np.rint(upright * PIXELS_PER_M), dtype=np.int32)


def _outlines(model: Model, pose: Array) -> Iterator[Outline]:
    """What a model stands on the floor with, seen from above."""
    for part, part_pose in collisions(model):
        outline = project(part.shape, pose @ part_pose, -np.inf, np.inf)
        if outline is not None and len(_points(outline)) > 2:  # a half-plane has no inside to fill
            yield outline


def _points(outline: Outline) -> Array:
    """(n, 2) vertices of an outline."""
    if isinstance(outline, Disc):
        angle = np.linspace(0.0, 2.0 * np.pi, CIRCLE_POINTS, endpoint=False)
        circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        return np.asarray(np.array([outline.x, outline.y]) + outline.radius * circle)
    return outline.vertices
