"""Transforms as MuJoCo takes and gives them."""

from __future__ import annotations

import math
from typing import Any, TypeAlias, TypedDict

import numpy as np
import numpy.typing as npt
from numba import njit

from dl_robotics.ops.geometry import inverse, planar, quaternion, transform_from_planar
from dl_robotics.sim.world import Transform

Array: TypeAlias = npt.NDArray[np.float64]


class Frame(TypedDict):
    """Keyword arguments that place a body, geom, site or camera in its parent: quaternions are (w, x, y, z)."""

    pos: Array
    quat: Array


def frame(transform: Transform) -> Frame:
    """The placement of a (4, 4) transform."""
    return Frame(pos=transform[:3, 3], quat=np.roll(quaternion(transform), 1))


def standing(pose: Transform) -> Transform:
    """What is left of a pose without its planar part: height and tilt, which a planar pose does not say."""
    return inverse(transform_from_planar(planar(pose))) @ pose


@njit(cache=True)
def turned(quaternion: Array, yaw: float) -> tuple[float, float, float, float]:
    """A quaternion (4,), w first, turned about the world's z axis: (cos + k sin) q."""
    cos, sin = math.cos(yaw / 2.0), math.sin(yaw / 2.0)
    w, x, y, z = quaternion
    return cos * w - sin * z, cos * x - sin * y, cos * y + sin * x, cos * z + sin * w


class SiteFrame:
    """Where a site is in the world, now and after every further step: both arrays are views of MuJoCo's.

    Attributes: ``id`` of the site; ``position`` (3,); ``rotation`` (3, 3).
    """

    def __init__(self, model: Any, data: Any, name: str) -> None:
        self.id = model.site(name).id
        self.position: Array = data.site_xpos[self.id]
        self.rotation: Array = data.site_xmat[self.id].reshape(3, 3)

    @property
    def transform(self) -> Transform:
        """(4, 4) of the site in the world."""
        result = np.eye(4)
        result[:3, :3], result[:3, 3] = self.rotation, self.position
        return result
