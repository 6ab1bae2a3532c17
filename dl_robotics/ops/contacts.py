"""What touches what."""

from __future__ import annotations

from typing import NamedTuple

from dl_robotics.ops.geometry import Array


class Contact(NamedTuple):
    """Two solids that touch, in n points.

    :param first: the name of one of them, scoped as in Gazebo: ``model::link::collision``.
    :param second: the name of the other.
    :param positions: (n, 3) m in the world.
    :param normals: (n, 3) of length 1 in the world, from the first towards the second.
    :param depths: (n,) m, how deep they are in each other.
    """

    first: str
    second: str
    positions: Array
    normals: Array
    depths: Array
