"""Small worlds whose numbers the tests can work out by hand."""

import functools

import numpy as np

from dl_robotics.ops.geometry import transform
from dl_robotics.resources import config_file
from dl_robotics.sim.sdf import read_world
from dl_robotics.sim.world import (
    Box,
    Collision,
    Cylinder,
    DiffDrive,
    Drag,
    Inertial,
    Joint,
    Lidar,
    Link,
    Model,
    Plane,
    TrajectoryFollower,
    Visual,
    World,
)

SHIPPED = sorted(path.stem for path in config_file("worlds").glob("*.sdf"))
ROBOT_RADIUS_M = 0.1
AXLE = 0.16  # between the wheels, m


@functools.cache
def shipped_world(name):
    return read_world(config_file("worlds", f"{name}.sdf"))


def link_of(shape, pose=None, mass=1.0, inertia=0.1, friction=1.0, gravity=True, name="link"):
    parts = (Collision("collision", np.eye(4), shape, friction),), (Visual("visual", np.eye(4), shape),)
    inertial = Inertial(mass, np.eye(4), np.eye(3) * inertia)
    return Link(name, np.eye(4) if pose is None else pose, inertial, *parts, gravity=gravity)


def solid(shape, position, rpy=(0.0, 0.0, 0.0), name="solid", static=True):
    """A model of one shape."""
    return Model(name, transform(position, rpy), static, (link_of(shape),))


def wall(x, y, size_x, size_y, name="wall"):
    """A wall 1 m high."""
    return solid(Box((size_x, size_y, 1.0)), (x, y, 0.5), name=name)


def room(half_m):
    """Floor and four walls, whose inner faces are ``half_m`` from the origin."""
    away, length = half_m + 0.05, 2.0 * half_m + 0.2
    sides = ((away, 0.0, 0.1, length), (-away, 0.0, 0.1, length), (0.0, away, length, 0.1), (0.0, -away, length, 0.1))
    walls = (wall(*side, name=f"wall_{i}") for i, side in enumerate(sides))
    return solid(Plane(), (0.0, 0.0, 0.0), name="floor"), *walls


def follower(waypoints, pose=(0.0, 0.0, 0.0), shape=None, link=None, surge=10.0, **settings):
    """A moving obstacle: 5 kg, 0.3 m/s at full speed unless told otherwise."""
    shape = shape or Cylinder(0.12, 0.5)
    link = link or link_of(shape, transform((0.0, 0.0, 0.25)), mass=5.0, inertia=0.05, gravity=False)
    law = {"loop": True, "force": 3.0, "torque": 0.5, "range_tolerance_m": 0.1, "bearing_tolerance_deg": 3.0}
    return Model(
        "mover",
        transform((pose[0], pose[1], 0.0), (0.0, 0.0, pose[2])),
        False,
        (link,),
        follower=TrajectoryFollower("link", tuple(waypoints), **{**law, **settings}),
        drag=Drag("link", surge, 40.0, 0.5),
    )


def robot(position=(0.0, 0.0, 0.0), yaw=0.0, axle_x=0.0, lidar=((0.0, 0.0, 0.2), (0.0, 0.0, 0.0)), **limits):
    """A round robot of radius 0.1 m and height 0.3 m with a lidar 0.2 m above the floor."""
    body = Collision("body", transform((0.0, 0.0, 0.155)), Cylinder(ROBOT_RADIUS_M, 0.29))
    scanner = Lidar("lidar", transform(*lidar), 5.0, 360, -np.pi, np.pi, 0.05, 10.0)
    base = Link("base", np.eye(4), Inertial(1.0, np.eye(4), np.eye(3) * 0.01), (body,), (), (scanner,))
    sides = {"left": AXLE / 2.0, "right": -AXLE / 2.0}
    wheels = [
        link_of(Cylinder(0.03, 0.02), transform((axle_x, y, 0.03), (np.pi / 2.0, 0.0, 0.0)), friction=0.5, name=side)
        for side, y in sides.items()
    ]
    joints = [Joint(s, False, "base", s, transform((axle_x, y, 0.03)), (0.0, 1.0, 0.0)) for s, y in sides.items()]
    drive = DiffDrive(("left",), ("right",), AXLE, 0.03, **limits)
    return Model("robot", transform(position, (0.0, 0.0, yaw)), False, (base, *wheels), tuple(joints), drive=drive)


def world_of(*models):
    """A world of the models and, unless there is one among them, the robot at the origin."""
    with_robot = models if any(m.drive for m in models) else (*models, robot())
    return World("test", "test.sdf", with_robot)
