"""Things of random size that stand or lie on the floor."""

from __future__ import annotations

import math

import numpy as np

from dl_robotics.ops.geometry import transform
from dl_robotics.sim.scenes.looks import Looks
from dl_robotics.sim.scenes.scene import Part
from dl_robotics.sim.world import Box, Capsule, Cylinder, Sphere

Prop = tuple[tuple[Part, ...], float]  # parts that stand at the origin, and the radius of their footprint, m
LARGEST_LIFT_M = 0.01  # moving obstacles hover


def _log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    return float(math.exp(rng.uniform(math.log(low), math.log(high))))


def random_box(rng: np.random.Generator, looks: Looks) -> Prop:
    """A crate, or now and then a piece of furniture."""
    if rng.random() < 0.25:
        length, width, height = rng.uniform(0.6, 1.8), rng.uniform(0.3, 0.9), rng.uniform(0.5, 1.8)
    else:
        length, width, height = (_log_uniform(rng, 0.12, 0.6) for _ in range(3))
    pose = transform((0.0, 0.0, height / 2.0 + rng.uniform(0.0, LARGEST_LIFT_M)))
    return (Part(Box((length, width, height)), pose, looks.surface(rng)),), math.hypot(length, width) / 2.0


def random_cylinder(rng: np.random.Generator, looks: Looks) -> Prop:
    """A pillar, upright or rolled over; a few have round ends."""
    radius, length = _log_uniform(rng, 0.06, 0.35), _log_uniform(rng, 0.15, 1.0)
    finish, kind = looks.surface(rng), rng.random()
    if kind < 0.15:
        pose = transform((0.0, 0.0, radius), (0.0, math.pi / 2.0, 0.0))
        return (Part(Cylinder(radius, length), pose, finish),), math.hypot(radius, length / 2.0)
    if kind < 0.25:
        length += 2.0 * radius  # what stands out of the floor is no dome: that would be half a ball
        return (Part(Capsule(radius, length), transform((0.0, 0.0, length / 2.0)), finish),), radius
    height = length / 2.0 + rng.uniform(0.0, LARGEST_LIFT_M)
    return (Part(Cylinder(radius, length), transform((0.0, 0.0, height)), finish),), radius


def random_ball(rng: np.random.Generator, looks: Looks) -> Prop:
    """A ball; textures show when it lies turned."""
    radius = _log_uniform(rng, 0.06, 0.35)
    pose = transform((0.0, 0.0, radius), rng.uniform(-math.pi, math.pi, 3))
    return (Part(Sphere(radius), pose, looks.surface(rng)),), radius


def random_distractor(rng: np.random.Generator, looks: Looks) -> Prop:
    """Something without a class: a leaning stick or a table."""
    return (_stick if rng.random() < 0.5 else _table)(rng, looks)


def _stick(rng: np.random.Generator, looks: Looks) -> Prop:
    radius, length, lean = rng.uniform(0.008, 0.03), rng.uniform(0.3, 1.5), rng.uniform(0.0, 1.2)
    height = length / 2.0 * math.cos(lean) + radius
    part = Part(Capsule(radius, length), transform((0.0, 0.0, height), (0.0, lean, 0.0)), looks.surface(rng))
    return (part,), length / 2.0 * math.sin(lean) + radius


def _table(rng: np.random.Generator, looks: Looks) -> Prop:
    length, width, height = rng.uniform(0.5, 2.0), rng.uniform(0.5, 1.0), rng.uniform(0.4, 0.8)
    radius, inset = rng.uniform(0.02, 0.05), 0.08
    leg_finish = looks.surface(rng)
    legs = [
        Part(Cylinder(radius, height), transform((x, y, height / 2.0)), leg_finish)
        for x in (inset - length / 2.0, length / 2.0 - inset)
        for y in (inset - width / 2.0, width / 2.0 - inset)
    ]
    top = Part(Box((length, width, 0.04)), transform((0.0, 0.0, height + 0.02)), looks.surface(rng))
    return (top, *legs), math.hypot(length, width) / 2.0
