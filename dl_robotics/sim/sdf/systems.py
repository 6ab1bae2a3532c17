"""Gazebo's systems: those that are simulated here, those without effect here, and the refusal of all others."""

from __future__ import annotations

import itertools
import math
import re

from dl_robotics.sim.sdf.element import Element
from dl_robotics.sim.sdf.schema import LEAF, Rule, check, inert, leaves, neutral, only
from dl_robotics.sim.world import DiffDrive, Drag

_NAME = re.compile(r"(?:gz::sim|ignition::gazebo)::systems::(?:v\d+::)?(\w+)")

# Physics and sensors are what the engines do themselves; the others publish or show what happens. Systems of sensors
# that are refused have nothing to do.
INERT_SYSTEMS = (
    *("Physics", "UserCommands", "SceneBroadcaster", "Sensors", "Imu", "Contact"),
    *("JointStatePublisher", "OdometryPublisher", "PosePublisher"),
    *("AirPressure", "Altimeter", "ForceTorque", "Magnetometer", "NavSat"),
)
MOTION_SYSTEMS = ("DiffDrive", "TrajectoryFollower", "Hydrodynamics")  # of models alone
LABEL = "Label"  # of models and visuals

KNOWN = (*MOTION_SYSTEMS, LABEL, *sorted(INERT_SYSTEMS))

_LIMITS = [
    f"{end}_{kind}{quantity}"
    for end, kind, quantity in itertools.product(
        ("min", "max"), ("", "linear_", "angular_"), ("velocity", "acceleration")
    )
]
_DIFF_DRIVE = Rule(
    attributes=("name", "filename"),
    children=dict.fromkeys(("left_joint", "right_joint"), Rule(many=True))
    | leaves("wheel_separation wheel_radius odom_publish_frequency topic odom_topic frame_id child_frame_id")
    | dict.fromkeys(_LIMITS, LEAF)
    | inert("tf_topic"),
)


def _hydrodynamics() -> Rule:
    """Of the terms after Fossen only xU, yV and nR move a body in the plane; coupling, added mass, and what grows with
    the square of the speed are refused."""
    pairs = list(itertools.product("xyzkmn", "UVWPQR"))
    refused = [force + speed for force, speed in pairs] + [f"{force}Dot{speed}" for force, speed in pairs]
    refused += [f"{force}{speed}{by}{other}" for force, speed in pairs for by in ("", "abs") for other in "UVWPQR"]
    return Rule(
        attributes=("name", "filename"),
        children=neutral(" ".join(refused))
        | leaves("link_name xU yV nR")
        | inert("zW kP mQ water_density waterDensity namespace disable_coriolis disable_added_mass")
        | {"default_current": only("0 0 0")},
    )


_HYDRODYNAMICS = _hydrodynamics()


def system_name(plugin: Element) -> str:
    """The bare name of a plugin's system, e.g. ``DiffDrive``.

    :raises SdfError: if it is none of Gazebo's, or one that is not supported.
    """
    name = plugin.attribute("name")
    match = _NAME.fullmatch(name)
    if match is None or match[1] not in KNOWN:
        known = ", ".join(f"gz::sim::systems::{system}" for system in KNOWN)
        raise plugin.error(f"plugin {name!r} is not supported; expected one of {known}")
    return match[1]


def inert_system(plugin: Element) -> str:
    """The name, as written, of a plugin without effect on what is simulated.

    :raises SdfError: for all others.
    """
    name = system_name(plugin)
    if name not in INERT_SYSTEMS:
        raise plugin.error(f"{name} stands in a <{plugin.parent_tag}>; expected it in a <model>")
    return plugin.attribute("name")


def read_diff_drive(plugin: Element, prefix: str, child_frame: str) -> DiffDrive:
    """Gazebo's differential drive.

    :param prefix: of the nested model that the plugin stands in, e.g. ``base::``.
    :param child_frame: the odometry's child frame where the plugin names none: the model's canonical link.
    """
    check(plugin, _DIFF_DRIVE)
    sides = [tuple(prefix + joint.string() for joint in plugin.children(f"{side}_joint")) for side in ("left", "right")]
    if not all(sides):
        raise plugin.error("DiffDrive expected at least one <left_joint> and one <right_joint>")
    return DiffDrive(
        left_joints=sides[0],
        right_joints=sides[1],
        wheel_separation_m=plugin.positive("wheel_separation", 1.0),
        wheel_radius_m=plugin.positive("wheel_radius", 0.2),
        odom_publish_frequency_hz=plugin.positive("odom_publish_frequency", 50.0),
        topic=plugin.string("topic", DiffDrive.topic),
        odom_topic=plugin.string("odom_topic", DiffDrive.odom_topic),
        frame_id=plugin.string("frame_id", DiffDrive.frame_id),
        child_frame_id=plugin.string("child_frame_id", child_frame),
        **{name: _limit(plugin, name) for name in _LIMITS if name.count("_") == 2},
    )


def _limit(plugin: Element, name: str) -> float:
    """A limit; ``max_velocity`` and the like stand for both the linear and the angular one."""
    end, _, quantity = name.split("_")
    sign = -1.0 if end == "min" else 1.0
    value = plugin.limit(name, plugin.limit(f"{end}_{quantity}", sign * math.inf))
    if value * sign < 0.0:
        raise plugin.error(f"<{name}> is {value}; expected {'<= 0' if sign < 0 else '>= 0'}")
    return value


def read_drag(plugin: Element, link: str) -> Drag:
    """Gazebo's hydrodynamics, where they are a linear drag: its force is ``xU u``, so that ours is ``-xU``.

    Terms that are missing are 0, as in Gazebo Harmonic and later.
    """
    check(plugin, _HYDRODYNAMICS)
    surge, sway, yaw = (_damping(plugin, name) for name in ("xU", "yV", "nR"))
    return Drag(link, surge, sway, yaw)


def _damping(plugin: Element, name: str) -> float:
    value = plugin.number(name, 0.0)
    if value > 0.0:
        raise plugin.need(name).error(f"<{name}> is {value}, which speeds up; expected <= 0")
    return -value if value else 0.0
