"""Who touches whom: collision bitmasks, the floor, and sphere wheels."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntFlag
from typing import NamedTuple

import numpy as np

from dl_robotics.sim.robot import driven_links, rigid_links, support_height
from dl_robotics.sim.shapes import height_range
from dl_robotics.sim.world import Collision, Cylinder, Model, Plane, Shape, Sphere, Transform, World

FLOOR_TOLERANCE_M = 0.005  # what stands out of the floor no farther than this is floor
FACES_UP = 0.5  # z of a plane's normal above which it is floor: steeper than 60 degrees is a wall


class Touch(IntFlag):
    """What a geom is (MuJoCo's ``contype``), and what it looks for (``conaffinity``).

    Two geoms touch if one is what the other looks for. Obstacles that cannot be pushed look for nothing.
    """

    NOTHING = 0
    FLOOR = 1
    OBSTACLE = 2
    DYNAMIC = 4
    ROBOT = 8


SOLID = Touch.OBSTACLE | Touch.DYNAMIC


class Solid(NamedTuple):
    """A shape that stands for a collision, or for a part of what it does."""

    shape: Shape
    is_what: Touch
    looks_for: Touch
    friction: float


class ContactRules:
    """Which solids stand for a collision.

    Obstacles are met by the robot's true shapes. The floor is met by stand-ins:

    - of a driven wheel's cylinder a sphere of the same radius, which touches in one point; a cylinder makes up to four
      contacts, which tilt the axle back and forth;
    - of whatever does not turn, such as a caster, the same shape without friction. MuJoCo's friction is convex: a
      contact that slides at speed v is lifted at speed mu v (Anitescu 2006), and a caster would hop.
    """

    def __init__(self, world: World) -> None:
        self._robot = world.robot
        self._driven = driven_links(world.robot)
        self._rigid = rigid_links(world.robot)
        self._floor_m = support_height(world.robot) + FLOOR_TOLERANCE_M

    def solids(self, model: Model, link: str, collision: Collision, pose: Transform) -> Iterator[Solid]:
        """The solids of one collision, whose ``pose`` is in the world, as the file has it."""
        shape, friction = collision.shape, collision.friction
        if model is self._robot:
            yield Solid(shape, Touch.ROBOT, SOLID, friction)
            yield self._support(link, shape, friction)
        elif not model.static and model.follower is None:
            yield Solid(shape, Touch.DYNAMIC, Touch.FLOOR | SOLID | Touch.ROBOT, friction)
        else:
            is_floor = model.static and self._is_floor(shape, pose)
            yield Solid(shape, Touch.FLOOR if is_floor else Touch.OBSTACLE, Touch.NOTHING, friction)

    def _support(self, link: str, shape: Shape, friction: float) -> Solid:
        if link in self._driven and isinstance(shape, Cylinder):
            shape = Sphere(shape.radius)
        return Solid(shape, Touch.NOTHING, Touch.FLOOR, 0.0 if link in self._rigid else friction)

    def _is_floor(self, shape: Shape, pose: Transform) -> bool:
        if isinstance(shape, Plane):
            return float(pose[2, :3] @ shape.normal) > FACES_UP * float(np.linalg.norm(shape.normal))
        return height_range(shape, pose)[1] <= self._floor_m
