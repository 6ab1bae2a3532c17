"""Collisions and visuals: shapes, their place in the link, friction and colours."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dl_robotics.ops import geometry
from dl_robotics.sim.sdf.element import Element
from dl_robotics.sim.sdf.frames import Scope
from dl_robotics.sim.sdf.labels import visual_label
from dl_robotics.sim.world import (
    Box,
    Capsule,
    Collision,
    Colour,
    Cylinder,
    Material,
    Plane,
    Shape,
    Sphere,
    Transform,
    Visual,
)


def _box(element: Element) -> Shape:
    x, y, z = element.size("size")
    return Box((x, y, z))


def _plane(element: Element) -> Shape:
    width, depth = element.size("size", count=2) if element.find("size") is not None else (1.0, 1.0)
    return Plane(element.direction("normal", (0.0, 0.0, 1.0)), (width, depth))


_READERS: dict[str, Callable[[Element], Shape]] = {
    "box": _box,
    "cylinder": lambda element: Cylinder(element.positive("radius"), element.positive("length")),
    "sphere": lambda element: Sphere(element.positive("radius")),
    "capsule": lambda element: Capsule(element.positive("radius"), element.positive("length")),
    "plane": _plane,
}


def read_shape(element: Element) -> Shape:
    """The one shape of a ``<geometry>``."""
    shapes = list(element.children())
    if len(shapes) != 1:
        came = ", ".join(shape.tag for shape in shapes) or "none"
        raise element.error(f"<geometry> holds {came}; expected exactly one of {', '.join(_READERS)}")
    return _READERS[shapes[0].tag](shapes[0])


def pose_in_link(element: Element, scope: Scope, link: str) -> Transform:
    """Pose, in the link frame, of something that belongs to a link."""
    return geometry.inverse(scope.pose(link, element)) @ scope.locate(element, link)


def read_collision(element: Element, scope: Scope, link: str) -> Collision:
    """A ``<collision>`` of a link."""
    pose = pose_in_link(element, scope, link)
    return Collision(element.name, pose, read_shape(element.need("geometry")), _friction(element))


def read_visual(element: Element, scope: Scope, link: str) -> Visual:
    """A ``<visual>`` of a link."""
    opacity = 1.0 - element.number("transparency", 0.0, lowest=0.0)
    if opacity < 0.0:
        raise element.need("transparency").error(f"<transparency> is {1.0 - opacity:g}; expected <= 1")
    pose = pose_in_link(element, scope, link)
    shape, material = read_shape(element.need("geometry")), _material(element, opacity)
    return Visual(element.name, pose, shape, material, visual_label(element))


def _friction(element: Element) -> float:
    """Coulomb's mu, the same in both directions; where only one of ``mu`` and ``mu2`` is written, it counts twice."""
    ode = element.find("surface/friction/ode")
    if ode is None:
        return 1.0
    default = ode.number("mu2", 1.0, lowest=0.0)
    first = ode.number("mu", default, lowest=0.0)
    second = ode.number("mu2", first, lowest=0.0)
    if not np.isclose(first, second):
        raise ode.error(
            f"friction that differs by direction is not supported; expected mu = mu2, got {first}, {second}"
        )
    return first


def _material(element: Element, opacity: float) -> Material:
    material, plain = element.find("material"), Material()
    if material is None:
        diffuse = plain.diffuse
        return plain if opacity == 1.0 else Material(diffuse=_faded(diffuse, opacity))
    return Material(
        ambient=material.colour("ambient", plain.ambient),
        diffuse=_faded(material.colour("diffuse", plain.diffuse), opacity),
        specular=material.colour("specular", plain.specular),
        emissive=material.colour("emissive", plain.emissive),
    )


def _faded(colour: Colour, opacity: float) -> Colour:
    red, green, blue, alpha = colour
    return red, green, blue, alpha * opacity
