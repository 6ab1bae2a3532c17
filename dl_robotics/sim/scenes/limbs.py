"""The flesh around a figure's joints: capsules and balls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dl_robotics.ops.geometry import Array, transform, transform_onto
from dl_robotics.sim.scenes.body import SEGMENTS, SIDES, Body
from dl_robotics.sim.world import Capsule, Shape, Sphere, Transform


@dataclass(frozen=True, eq=False)
class Limb:
    """A capsule or sphere of a figure; ``covering`` is skin, hair, top, trousers or shoes."""

    name: str
    covering: str
    shape: Shape
    pose: Transform


def limbs(body: Body, places: Mapping[str, Array]) -> tuple[Limb, ...]:
    """The flesh around the joints of one moment, in the frame of their places."""
    found = [
        _capsule(name, covering, places[start], places[end], body.radius(radius))
        for name, start, end, radius, covering in SEGMENTS
    ]
    head, nose = places["head"], places["nose"]
    back = (head - nose) / np.linalg.norm(head - nose)
    up = (places["crown"] - head) / np.linalg.norm(places["crown"] - head) * body.length(0.012)
    found.append(_ball("head", "skin", head, body.length(0.06)))
    found.append(_ball("hair", "hair", head + up + back * body.length(0.012), body.length(0.061)))
    found += [_ball(f"{side}_hand", "skin", places[f"{side}_hand"], body.length(0.028)) for side in SIDES]
    return tuple(found)


def _capsule(name: str, covering: str, start: Array, end: Array, radius: float) -> Limb:
    pose = transform_onto(end - start)
    pose[:3, 3] = (start + end) / 2.0
    return Limb(name, covering, Capsule(radius, float(np.linalg.norm(end - start))), pose)


def _ball(name: str, covering: str, centre: Array, radius: float) -> Limb:
    return Limb(name, covering, Sphere(radius), transform(centre))
