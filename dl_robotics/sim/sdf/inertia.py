"""Mass, centre of mass and inertia of a link: as written, or from its collisions where the file says ``auto``."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from dl_robotics.sim.sdf.element import Element
from dl_robotics.sim.sdf.frames import read_pose
from dl_robotics.sim.world import Box, Capsule, Collision, Cylinder, Inertial, Shape, Sphere

Matrix = npt.NDArray[np.float64]
WATER_DENSITY = 1000.0  # kg/m^3, SDF's default for auto


def read_inertial(link: Element, collisions: tuple[Collision, ...]) -> Inertial:
    """A link's ``<inertial>``; 1 kg and unit inertia where the file has none, as SDF has it.

    :param collisions: the link's collisions, in the order of the file.
    :raises SdfError: if no body can have such an inertia, or its principal moments break the triangle inequality.
    """
    element = link.find("inertial")
    if element is None:
        return Inertial(1.0, np.eye(4), np.eye(3))
    if element.flag("auto"):
        return _from_collisions(link, element, collisions)
    pose, relative_to = read_pose(element)
    if relative_to:
        raise element.need("pose").error(f"<inertial> relative to {relative_to!r}; expected the link's own frame")
    return Inertial(element.positive("mass", 1.0), pose, _read_matrix(element))


def _read_matrix(inertial: Element) -> Matrix:
    element = inertial.find("inertia")
    if element is None:
        return np.eye(3)
    xx, yy, zz = (element.number(name, 1.0) for name in ("ixx", "iyy", "izz"))
    xy, xz, yz = (element.number(name, 0.0) for name in ("ixy", "ixz", "iyz"))
    matrix = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
    principal = np.linalg.eigvalsh(matrix)
    if principal[0] <= 0.0:
        raise element.error(f"<inertia> has principal moments {principal}; expected all > 0")
    if principal[2] > (principal[0] + principal[1]) * (1.0 + 1e-6):
        raise element.error(f"<inertia> has principal moments {principal}; expected none above the sum of the others")
    return matrix


def _from_collisions(link: Element, element: Element, collisions: tuple[Collision, ...]) -> Inertial:
    """Sum of the collisions' masses and, by the parallel axis theorem, of their inertias."""
    for name in ("mass", "pose", "inertia"):
        if (written := element.find(name)) is not None:
            raise written.error(f"<{name}> beside auto='true' is not supported; expected <density> only")
    if not collisions:
        raise element.error("auto='true' in a link without <collision>; expected at least one")
    default = element.positive("density", WATER_DENSITY)
    masses, places, inertias = [], [], []
    for node, collision in zip(link.children("collision"), collisions, strict=True):
        unit = solid(collision.shape)
        if unit is None:
            raise node.error(
                f"auto='true' with the shape {type(collision.shape).__name__.lower()}, which has no volume"
            )
        density, rotation = node.positive("density", default), collision.pose[:3, :3]
        masses.append(density * unit[0])
        places.append(collision.pose[:3, 3])
        inertias.append(density * rotation @ unit[1] @ rotation.T)
    pose = np.eye(4)
    pose[:3, 3] = centre = np.average(places, axis=0, weights=masses)
    total = sum(
        (
            _shifted(mass, place - centre, inertia)
            for mass, place, inertia in zip(masses, places, inertias, strict=True)
        ),
        np.zeros((3, 3)),
    )
    return Inertial(sum(masses), pose, total)


def _shifted(mass: float, offset: Matrix, inertia: Matrix) -> Matrix:
    return np.asarray(inertia + mass * (offset @ offset * np.eye(3) - np.outer(offset, offset)))


def solid(shape: Shape) -> tuple[float, Matrix] | None:
    """Volume in m^3 and inertia about the centre, at density 1, of a solid shape; ``None`` for a plane."""
    if isinstance(shape, Box):
        x, y, z = shape.size
        volume = x * y * z
        return volume, volume / 12.0 * np.diag([y * y + z * z, x * x + z * z, x * x + y * y])
    if isinstance(shape, Sphere):
        volume = 4.0 / 3.0 * math.pi * shape.radius**3
        return volume, 0.4 * volume * shape.radius**2 * np.eye(3)
    if isinstance(shape, Cylinder):
        return _cylinder(shape.radius, shape.length)
    if isinstance(shape, Capsule):
        return _capsule(shape.radius, shape.length)
    return None


def _cylinder(radius: float, length: float) -> tuple[float, Matrix]:
    volume = math.pi * radius**2 * length
    across = volume * (3.0 * radius**2 + length**2) / 12.0
    return volume, np.diag([across, across, volume * radius**2 / 2.0])


def _capsule(radius: float, length: float) -> tuple[float, Matrix]:
    """A cylinder and two half spheres, whose centres of mass lie 3/8 of the radius from their flat sides."""
    volume, inertia = _cylinder(radius, length)
    ends = 4.0 / 3.0 * math.pi * radius**3
    across = ends * (0.4 * radius**2 + length**2 / 4.0 + 3.0 / 8.0 * radius * length)
    return volume + ends, inertia + np.diag([across, across, 0.4 * ends * radius**2])
