"""Joints: fixed ones, and revolute ones with axis, limits, damping and friction."""

from __future__ import annotations

import math

import numpy as np

from dl_robotics.ops import geometry
from dl_robotics.sim.sdf.element import Element
from dl_robotics.sim.sdf.frames import MODEL_FRAME, WORLD_FRAME, Scope
from dl_robotics.sim.world import Joint, Transform

_TYPES = ("fixed", "revolute", "continuous")
_UNIT_TOLERANCE = 0.01  # files write unit vectors with few digits


def read_joint(element: Element, scope: Scope) -> Joint:
    """A ``<joint>``; parent and child may be named by any frame that moves with them.

    :raises SdfError: for other types of joint, and for a joint that joins a link to itself.
    """
    name, kind = element.name, element.attribute("type")
    if kind not in _TYPES:
        raise element.error(f"joint type {kind!r} is not supported; expected one of {', '.join(_TYPES)}")
    parent, child = _body(element.need("parent"), scope), _body(element.need("child"), scope)
    if child in (parent, WORLD_FRAME):
        raise element.error(f"joint from {parent!r} to {child!r}; expected two links, the second not the world")
    pose = scope.pose(name, element)
    if kind == "fixed":
        return Joint(name, True, parent, child, pose)
    axis = element.need("axis")
    lower, upper = _limits(axis) if kind == "revolute" else (-math.inf, math.inf)
    return Joint(
        name=name,
        fixed=False,
        parent=parent,
        child=child,
        pose=pose,
        axis=_direction(axis, scope, pose),
        lower=lower,
        upper=upper,
        damping=axis.number("dynamics/damping", 0.0, lowest=0.0),
        friction=axis.number("dynamics/friction", 0.0, lowest=0.0),
        effort=_unlimited_below_zero(axis, "limit/effort"),
        velocity=_unlimited_below_zero(axis, "limit/velocity"),
    )


def _body(element: Element, scope: Scope) -> str:
    name = element.string()
    return WORLD_FRAME if name == WORLD_FRAME else scope.body(name, element)


def _limits(axis: Element) -> tuple[float, float]:
    lower, upper = axis.limit("limit/lower", -math.inf), axis.limit("limit/upper", math.inf)
    if lower > upper:
        raise axis.need("limit").error(f"<limit> from {lower} to {upper}; expected lower <= upper")
    return lower, upper


def _unlimited_below_zero(axis: Element, path: str) -> float:
    value = axis.limit(path, -1.0)
    return math.inf if value < 0.0 else value


def _direction(axis: Element, scope: Scope, pose: Transform) -> tuple[float, float, float]:
    """The unit axis in the joint frame."""
    element = axis.find("xyz")
    if element is None:
        return 0.0, 0.0, 1.0
    vector = np.array(element.vector())
    length = float(np.linalg.norm(vector))
    if abs(length - 1.0) > _UNIT_TOLERANCE:
        raise element.error(f"<xyz> is {element.text!r}, of length {length:.4g}; expected a unit vector")
    expressed_in = element.attributes.get("expressed_in", "")
    if axis.boolean("use_parent_model_frame", False):  # until SDF 1.6
        expressed_in = MODEL_FRAME
    if expressed_in:
        vector = geometry.inverse(pose)[:3, :3] @ scope.pose(expressed_in, element)[:3, :3] @ vector
    x, y, z = (float(value) for value in vector / length)
    return x, y, z
