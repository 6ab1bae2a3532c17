"""What generated worlds are put together from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from dl_robotics.ops.geometry import transform, transform_from_planar
from dl_robotics.resources import shipped
from dl_robotics.sim.sdf import read_world
from dl_robotics.sim.world import (
    Box,
    Collision,
    Cylinder,
    Drag,
    Inertial,
    Link,
    Model,
    TrajectoryFollower,
    Transform,
    Visual,
    World,
)

HEIGHT_M = 0.5
MOVER_MASS_KG = 5.0
MOVER_DRAG = 25.0  # N s/m forward, as of the shipped arena's moving obstacles: it reaches its speed within 0.2 s
MOVER_TURN_RADPS = 1.5
Place = tuple[float, float, float]  # x, y in m, yaw in rad


def empty_world(name: str, walls: bool = True) -> World:
    """The shipped empty world under another name.

    :param walls: whether its outer walls, 4.2 m apart, stay.
    """
    world = _shipped()
    models = tuple(model for model in world.models if walls or model.name != "walls")
    return replace(world, name=name, source=name, models=models)


@cache
def _shipped() -> World:
    """Read once: worlds are drawn by the thousand."""
    return read_world(shipped("worlds", "empty", ".sdf"))


def with_models(world: World, models: Sequence[Model]) -> World:
    """A world with more in it."""
    return replace(world, models=(*world.models, *models))


def standing(name: str, parts: Sequence[tuple[Box | Cylinder, Place]]) -> Model:
    """Something that stands on the floor and never moves.

    :param parts: shapes of :data:`HEIGHT_M` and where they stand in the world.
    """
    solid, seen = [], []
    for number, (shape, (x, y, yaw)) in enumerate(parts):
        pose = transform((x, y, HEIGHT_M / 2.0), (0.0, 0.0, yaw))
        solid.append(Collision(f"{name}_collision_{number}", pose, shape))
        seen.append(Visual(f"{name}_visual_{number}", pose, shape))
    body = Inertial(1.0, np.eye(4), np.eye(3))
    return Model(name, np.eye(4), static=True, links=(Link("link", np.eye(4), body, tuple(solid), tuple(seen)),))


def pacing_disc(name: str, route: Sequence[tuple[float, float]], radius_m: float, speed_mps: float) -> Model:
    """An upright cylinder that goes from point to point for ever, turning on the spot at each.

    :param route: at least two points (x, y) in m; it begins at the first, turned to the second.
    """
    (x, y), (next_x, next_y) = route[:2]
    inertia, drag_yaw = _cylinder_inertia(radius_m), MOVER_DRAG * radius_m**2
    shape = Cylinder(radius_m, HEIGHT_M)
    at: Transform = transform((0.0, 0.0, HEIGHT_M / 2.0 + 0.01))  # hovers: nothing rubs
    body = Link(
        "link",
        at,
        Inertial(MOVER_MASS_KG, np.eye(4), inertia),
        (Collision("body_collision", np.eye(4), shape, friction=0.0),),
        (Visual("body_visual", np.eye(4), shape),),
        gravity=False,
    )
    follower = TrajectoryFollower(
        "link",
        waypoints=(*route[1:], route[0]),
        loop=True,
        force=MOVER_DRAG * speed_mps,
        torque=MOVER_TURN_RADPS * drag_yaw,
        range_tolerance_m=0.1,
        bearing_tolerance_deg=8.0,
    )
    pose = transform_from_planar((x, y, math.atan2(next_y - y, next_x - x)))
    drag = Drag("link", surge=MOVER_DRAG, sway=4.0 * MOVER_DRAG, yaw=drag_yaw)
    return Model(name, pose, static=False, links=(body,), follower=follower, drag=drag)


def _cylinder_inertia(radius_m: float) -> Transform:
    """(3, 3) of a solid moving obstacle, kg m^2."""
    across = MOVER_MASS_KG * (3.0 * radius_m**2 + HEIGHT_M**2) / 12.0
    return np.diag([across, across, MOVER_MASS_KG * radius_m**2 / 2.0])
