"""A person-like figure: lengths of a body and angles of its joints make places of joints, and these make capsules.

Frames as REP-103 has them: x forward, y to the figure's left, z up; the origin is on the floor below the pelvis.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dl_robotics.ops.geometry import Array, transform, transform_onto
from dl_robotics.sim.world import Capsule, Shape, Sphere, Transform

SIDES = {"left": 1.0, "right": -1.0}
SOLE = 0.02  # radius of a foot, as a share of the height
DOWN = np.array([0.0, 0.0, -1.0])


@dataclass(frozen=True)
class Body:
    """Size of a figure.

    Lengths of segments are shares of the height after Drillis and Contini 1966 (in Winter, "Biomechanics and Motor
    Control of Human Movement", figure 4.1).

    :param height_m: from sole to crown.
    :param girth: factor on all radii; 1 is slim.
    """

    height_m: float = 1.75
    girth: float = 1.0

    def length(self, share: float) -> float:
        """Metres of a share of the height."""
        return share * self.height_m

    def radius(self, share: float) -> float:
        """Metres of a radius that is a share of the height."""
        return share * self.height_m * self.girth


@dataclass(frozen=True)
class Leg:
    """Angles of a leg, rad: all 0 is straight down."""

    hip: float = 0.0  # forward
    spread: float = 0.0  # outward
    knee: float = 0.0  # backward
    ankle: float = 0.0  # toes up


@dataclass(frozen=True)
class Arm:
    """Angles of an arm, rad: all 0 is straight down."""

    shoulder: float = 0.0  # forward
    spread: float = 0.0  # outward
    elbow: float = 0.0  # forward


@dataclass(frozen=True)
class Posture:
    """Angles of all joints, rad: all 0 is standing upright, arms and legs straight down."""

    left_leg: Leg = Leg()
    right_leg: Leg = Leg()
    left_arm: Arm = Arm()
    right_arm: Arm = Arm()
    stoop: float = 0.0  # of the trunk, forward
    lean: float = 0.0  # of the trunk, to the left
    twist: float = 0.0  # of the shoulders against the pelvis, to the left
    nod: float = 0.0  # of the head against the trunk, forward
    look: float = 0.0  # of the head against the trunk, to the left


@dataclass(frozen=True, eq=False)
class Limb:
    """A capsule or sphere of a figure; ``covering`` is skin, hair, top, trousers or shoes."""

    name: str
    covering: str
    shape: Shape
    pose: Transform


def joint_places(body: Body, posture: Posture) -> dict[str, Array]:
    """(3,) places by the names of joints, m; the lower of the two feet stands on the floor."""
    trunk = _about_y(posture.stoop) @ _about_x(-posture.lean)
    shoulders = trunk @ _about_z(posture.twist)
    head = shoulders @ _about_z(posture.look) @ _about_y(posture.nod)
    places = {"pelvis": np.zeros(3)}
    places["chest"] = trunk @ (0.0, 0.0, body.length(0.288))
    places["neck"] = places["chest"] + shoulders @ (0.0, 0.0, body.length(0.035))
    places["head"] = places["neck"] + head @ (body.length(0.01), 0.0, body.length(0.078))
    places["nose"] = places["head"] + head @ (body.length(0.055), 0.0, 0.0)
    for side, sign in SIDES.items():
        _hang_arm(places, body, side, sign, shoulders, posture.left_arm if sign > 0 else posture.right_arm)
        _hang_leg(places, body, side, sign, posture.left_leg if sign > 0 else posture.right_leg)
    sole = min(float(places[f"{side}_{end}"][2]) for side in SIDES for end in ("heel", "toe")) - body.radius(SOLE)
    return {name: place - (0.0, 0.0, sole) for name, place in places.items()}


def _hang_arm(places: dict[str, Array], body: Body, side: str, sign: float, shoulders: Array, arm: Arm) -> None:
    upper = shoulders @ _about_x(sign * arm.spread) @ _about_y(-arm.shoulder)
    lower = upper @ _about_y(-arm.elbow)
    places[f"{side}_shoulder"] = places["chest"] + shoulders @ (0.0, sign * body.length(0.115), 0.0)
    places[f"{side}_elbow"] = places[f"{side}_shoulder"] + upper @ DOWN * body.length(0.186)
    places[f"{side}_wrist"] = places[f"{side}_elbow"] + lower @ DOWN * body.length(0.146)
    places[f"{side}_hand"] = places[f"{side}_wrist"] + lower @ DOWN * body.length(0.045)


def _hang_leg(places: dict[str, Array], body: Body, side: str, sign: float, leg: Leg) -> None:
    thigh = _about_x(sign * leg.spread) @ _about_y(-leg.hip)
    shin = thigh @ _about_y(leg.knee)
    foot = shin @ _about_y(-leg.ankle)
    places[f"{side}_hip"] = np.array([0.0, sign * body.length(0.06), 0.0])
    places[f"{side}_knee"] = places[f"{side}_hip"] + thigh @ DOWN * body.length(0.245)
    places[f"{side}_ankle"] = places[f"{side}_knee"] + shin @ DOWN * body.length(0.246)
    places[f"{side}_heel"] = places[f"{side}_ankle"] + foot @ (-body.length(0.012), 0.0, -body.length(0.019))
    places[f"{side}_toe"] = places[f"{side}_heel"] + foot @ (body.length(0.115), 0.0, 0.0)


def _about_x(angle: float) -> Array:
    cos, sin = math.cos(angle), math.sin(angle)
    return np.array([[1.0, 0.0, 0.0], [0.0, cos, -sin], [0.0, sin, cos]])


def _about_y(angle: float) -> Array:
    cos, sin = math.cos(angle), math.sin(angle)
    return np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]])


def _about_z(angle: float) -> Array:
    cos, sin = math.cos(angle), math.sin(angle)
    return np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])


# Name, from joint, to joint, radius as a share of the height, covering.
_SEGMENTS = (
    ("hips", "left_hip", "right_hip", 0.062, "trousers"),
    ("belly", "pelvis", "chest", 0.07, "top"),
    ("shoulders", "left_shoulder", "right_shoulder", 0.046, "top"),
    ("neck", "chest", "neck", 0.032, "skin"),
    *((f"{side}_upper_arm", f"{side}_shoulder", f"{side}_elbow", 0.03, "top") for side in SIDES),
    *((f"{side}_forearm", f"{side}_elbow", f"{side}_wrist", 0.024, "skin") for side in SIDES),
    *((f"{side}_thigh", f"{side}_hip", f"{side}_knee", 0.047, "trousers") for side in SIDES),
    *((f"{side}_shin", f"{side}_knee", f"{side}_ankle", 0.034, "trousers") for side in SIDES),
    *((f"{side}_foot", f"{side}_heel", f"{side}_toe", SOLE, "shoes") for side in SIDES),
)


def limbs(body: Body, places: Mapping[str, Array]) -> tuple[Limb, ...]:
    """The flesh around the joints, in the frame of their places."""
    found = [
        _capsule(name, covering, places[start], places[end], body.radius(radius))
        for name, start, end, radius, covering in _SEGMENTS
    ]
    head, nose = places["head"], places["nose"]
    back = (head - nose) / np.linalg.norm(head - nose)
    up = np.array([0.0, 0.0, body.length(0.012)])
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


def walking(phase: float, stride: float = 1.0) -> Posture:
    """The posture at a phase of a gait, rad; 0 is left foot forward, pi right foot forward.

    Hip and knee follow the curves of normal walking (Winter, figure 3.32) in their first harmonics; arms swing against
    the legs.

    :param stride: factor on all swings; 1 is a brisk walk, 0 stands.
    """
    swing = 0.4 * stride * math.cos(phase)
    return Posture(
        left_leg=_stepping(phase, stride),
        right_leg=_stepping(phase + math.pi, stride),
        left_arm=Arm(shoulder=-0.8 * swing, spread=0.1, elbow=0.25 * stride),
        right_arm=Arm(shoulder=0.8 * swing, spread=0.1, elbow=0.25 * stride),
        stoop=0.05 * stride,
        twist=-0.2 * swing,
    )


def _stepping(phase: float, stride: float) -> Leg:
    """Of one leg, which is farthest forward at phase 0 and swings forward during the second half."""
    bent = max(0.0, -math.sin(phase)) ** 2
    hip, knee = 0.08 + 0.4 * math.cos(phase), 0.1 + 0.95 * bent
    return Leg(hip=stride * hip, knee=stride * knee, ankle=stride * 0.15 * math.cos(phase))
