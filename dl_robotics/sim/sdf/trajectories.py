"""Gazebo's TrajectoryFollower: its waypoints, given one by one, or as a line or circle from where the link stands."""

from __future__ import annotations

import math

from dl_robotics.ops import geometry
from dl_robotics.sim.sdf.element import Element
from dl_robotics.sim.sdf.schema import LEAF, Rule, check, inert, leaves
from dl_robotics.sim.world import TrajectoryFollower, Transform

CIRCLE_SAMPLES = 8  # as Gazebo
_FORMS = ("waypoints", "circle", "line")
_FOLLOWER = Rule(
    attributes=("name", "filename"),
    children={
        "waypoints": Rule(children={"waypoint": Rule(many=True)}),
        "circle": Rule(children={"radius": LEAF}),
        "line": Rule(children=leaves("direction length")),
    }
    | leaves("link_name loop force torque range_tolerance bearing_tolerance zero_vel_on_bearing_reached")
    | inert("topic"),
)
Point = tuple[float, float]


def read_follower(plugin: Element, link: str, pose: Transform) -> TrajectoryFollower:
    """A trajectory follower.

    :param link: the link it pushes.
    :param pose: where that link starts, in the world frame.
    """
    check(plugin, _FOLLOWER)
    default = TrajectoryFollower
    return TrajectoryFollower(
        link=link,
        waypoints=_waypoints(plugin, pose),
        loop=plugin.boolean("loop", default.loop),
        force=plugin.number("force", default.force),
        torque=plugin.number("torque", default.torque, lowest=0.0),
        range_tolerance_m=plugin.number("range_tolerance", default.range_tolerance_m, lowest=0.0),
        bearing_tolerance_deg=plugin.number("bearing_tolerance", default.bearing_tolerance_deg, lowest=0.0),
        zero_velocity_on_bearing=plugin.boolean("zero_vel_on_bearing_reached", default.zero_velocity_on_bearing),
    )


def _waypoints(plugin: Element, pose: Transform) -> tuple[Point, ...]:
    forms = list(plugin.children(*_FORMS))
    if len(forms) != 1:
        came = ", ".join(form.tag for form in forms) or "none"
        raise plugin.error(f"TrajectoryFollower with {came}; expected exactly one of {', '.join(_FORMS)}")
    form, (x, y, yaw) = forms[0], geometry.planar(pose)
    if form.tag == "circle":
        return _circle(x, y, form.positive("radius"))
    if form.tag == "line":
        length, angle = form.positive("length"), yaw + form.number("direction")
        return (x, y), (x + length * math.cos(angle), y + length * math.sin(angle))
    points = tuple(waypoint.vector(count=2) for waypoint in form.children("waypoint"))
    if not points:
        raise form.error("<waypoints> has no <waypoint>")
    return tuple((point[0], point[1]) for point in points)


def _circle(x: float, y: float, radius: float) -> tuple[Point, ...]:
    angles = [2.0 * math.pi * sample / CIRCLE_SAMPLES for sample in range(CIRCLE_SAMPLES)]
    return tuple((x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles)
