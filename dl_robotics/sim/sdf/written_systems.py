"""Gazebo's systems as SDF plugins."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from lxml import etree

from dl_robotics.sim.sdf.written import element, flag, plain, values
from dl_robotics.sim.world import DiffDrive, Drag, Model, TrajectoryFollower

LIMITS = [
    f"{end}_{kind}_{quantity}"
    for quantity in ("velocity", "acceleration")
    for kind in ("linear", "angular")
    for end in ("min", "max")
]


def system(name: str, *settings: etree._Element) -> etree._Element:
    """The plugin of a system, e.g. ``DiffDrive``, with the name of the library that Gazebo has it in."""
    library = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
    return element("plugin", *settings, filename=f"gz-sim-{library}-system", name=f"gz::sim::systems::{name}")


def model_systems(model: Model) -> Iterator[etree._Element]:
    """What moves a model."""
    if model.drive:
        yield _drive(model.drive)
    if model.follower:
        yield _follower(model.follower)
    if model.drag:
        yield _drag(model.drag)


def limit(tag: str, value: float) -> Iterator[etree._Element]:
    """A limit, if there is one."""
    if math.isfinite(value):
        yield values(tag, value)


def _drive(drive: DiffDrive) -> etree._Element:
    return system(
        "DiffDrive",
        *(element("left_joint", plain(joint)) for joint in drive.left_joints),
        *(element("right_joint", plain(joint)) for joint in drive.right_joints),
        values("wheel_separation", drive.wheel_separation_m),
        values("wheel_radius", drive.wheel_radius_m),
        *(each for name in LIMITS for each in limit(name, getattr(drive, name))),
        values("odom_publish_frequency", drive.odom_publish_frequency_hz),
        *(element(name, getattr(drive, name)) for name in ("topic", "odom_topic", "frame_id", "child_frame_id")),
    )


def _follower(follower: TrajectoryFollower) -> etree._Element:
    return system(
        "TrajectoryFollower",
        element("link_name", plain(follower.link)),
        element("waypoints", *(values("waypoint", *point) for point in follower.waypoints)),
        flag("loop", follower.loop),
        values("force", follower.force),
        values("torque", follower.torque),
        values("range_tolerance", follower.range_tolerance_m),
        values("bearing_tolerance", follower.bearing_tolerance_deg),
        flag("zero_vel_on_bearing_reached", follower.zero_velocity_on_bearing),
    )


def _drag(drag: Drag) -> etree._Element:
    """Gazebo writes drag as a force that grows with the speed, hence the signs."""
    terms = (("xU", drag.surge), ("yV", drag.sway), ("nR", drag.yaw))
    return system(
        "Hydrodynamics",
        element("link_name", plain(drag.link)),
        *(values(name, -drag_of) for name, drag_of in terms),
        flag("disable_added_mass", True),
        flag("disable_coriolis", True),
    )
