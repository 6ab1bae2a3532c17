"""A camera that looks at a moving person."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial.transform import Rotation

from dl_robotics.ops.geometry import Array
from dl_robotics.sim.motion.config import ViewConfig

NEAR_M = 0.1  # what is nearer, or behind the camera, counts as this far ahead: far out of the image


@dataclass(frozen=True, eq=False)
class View:
    """A pinhole camera over time.

    :param poses: (T, 4, 4) in the world; looks along x with z up.
    :param horizontal_fov: rad.
    """

    poses: Array
    horizontal_fov: float
    width: int
    height: int

    def see(self, points: Array) -> tuple[Array, npt.NDArray[np.bool_]]:
        """Points (T, J, 3) in the world as (T, J, 3) pixels with z = 0, and (T, J) whether they are in the image."""
        seen = (points - self.poses[:, None, :3, 3]) @ self.poses[:, :3, :3]
        ahead = seen[..., 0]
        scale = self.width / 2.0 / math.tan(self.horizontal_fov / 2.0) / np.maximum(ahead, NEAR_M)
        columns, rows = self.width / 2.0 - scale * seen[..., 1], self.height / 2.0 - scale * seen[..., 2]
        inside = (ahead > NEAR_M) & (columns >= 0.0) & (columns < self.width) & (rows >= 0.0) & (rows < self.height)
        return np.stack([columns, rows, np.zeros_like(rows)], axis=-1), inside


def random_view(rng: np.random.Generator, config: ViewConfig, path: Array) -> View:
    """A camera somewhere around a person.

    :param path: (T, 3) of the middle of the person.
    """
    middle = (path.min(axis=0) + path.max(axis=0)) / 2.0
    bearing, distance_m = math.radians(rng.uniform(*config.bearing_deg)), rng.uniform(*config.distance_m)
    still = np.broadcast_to(middle, path.shape)
    eyes = (path if rng.random() < config.accompany else still).copy()
    eyes[:, :2] += distance_m * np.array([math.cos(bearing), math.sin(bearing)])
    eyes[:, 2] = rng.uniform(*config.height_m)
    targets = (path if rng.random() < config.follow else still) + rng.normal(0.0, config.aim_m / 2.0, 3)
    fov, roll = math.radians(rng.uniform(*config.horizontal_fov_deg)), math.radians(rng.uniform(*config.roll_deg))
    return View(_looking(eyes, targets, roll), fov, config.width, config.height)


def _looking(eyes: Array, targets: Array, roll: float) -> Array:
    """(T, 4, 4) poses at places (T, 3), looking at targets (T, 3)."""
    ahead = targets - eyes
    yaw, pitch = np.arctan2(ahead[:, 1], ahead[:, 0]), -np.arctan2(ahead[:, 2], np.hypot(ahead[:, 0], ahead[:, 1]))
    poses = np.tile(np.eye(4), (len(targets), 1, 1))
    angles = np.stack([np.full_like(yaw, roll), pitch, yaw], axis=1)
    poses[:, :3, :3], poses[:, :3, 3] = Rotation.from_euler("xyz", angles).as_matrix(), eyes
    return poses
