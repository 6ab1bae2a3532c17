"""A person-like figure: lengths of a body and angles of its joints make places of joints.

Frames as REP-103 has them: x forward, y to the figure's left, z up; the origin is on the floor below the pelvis. An
angle may be one number or an array of them, one for each of T moments; places are then (T, 3).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from dl_robotics.ops.geometry import Array
from dl_robotics.sim.scenes.body import FLESH, SIDES, Body

DOWN, UP = np.array([0.0, 0.0, -1.0]), np.array([0.0, 0.0, 1.0])
Angle: TypeAlias = float | Array
# Places in the frames of the head and of the hand, for the left side: ahead, outward, up (of the hand: down), as shares
# of the height.
FACE = {
    "eye_inner": (0.055, 0.010, 0.016),
    "eye": (0.053, 0.019, 0.017),
    "eye_outer": (0.049, 0.028, 0.016),
    "ear": (-0.002, 0.058, 0.002),
    "mouth": (0.053, 0.014, -0.026),
}
HAND = {
    "hand": (0.0, 0.0, 0.045),
    "thumb": (0.022, -0.006, 0.05),
    "index": (0.013, 0.0, 0.082),
    "pinky": (-0.014, 0.0, 0.075),
}


@dataclass(frozen=True)
class Leg:
    """Angles of a leg, rad: all 0 is straight down."""

    hip: Angle = 0.0  # forward
    spread: Angle = 0.0  # outward
    knee: Angle = 0.0  # backward
    ankle: Angle = 0.0  # toes up


@dataclass(frozen=True)
class Arm:
    """Angles of an arm, rad: all 0 is straight down."""

    shoulder: Angle = 0.0  # forward
    spread: Angle = 0.0  # outward
    elbow: Angle = 0.0  # forward
    turn: Angle = 0.0  # of the upper arm about itself, outward: the bent forearm of an arm held out to the side goes up


@dataclass(frozen=True)
class Posture:
    """Angles of all joints, rad: all 0 is standing upright, arms and legs straight down."""

    left_leg: Leg = Leg()
    right_leg: Leg = Leg()
    left_arm: Arm = Arm()
    right_arm: Arm = Arm()
    stoop: Angle = 0.0  # of the trunk, forward
    lean: Angle = 0.0  # of the trunk, to the left
    twist: Angle = 0.0  # of the shoulders against the pelvis, to the left
    nod: Angle = 0.0  # of the head against the trunk, forward
    look: Angle = 0.0  # of the head against the trunk, to the left
    tip: Angle = 0.0  # of the whole body, forward: pi/2 lies on the front, -pi/2 on the back
    roll: Angle = 0.0  # of the whole body, to the left: pi/2 lies on the left side
    lift: Angle = 0.0  # of the lowest part above the floor, as a share of the height


def joint_places(body: Body, posture: Posture) -> dict[str, Array]:
    """(3,) or (T, 3) places by the names of joints, m; the lowest part of the body stands on the floor."""
    root = _about_y(posture.tip) @ _about_x(-_angle(posture.roll))
    trunk = root @ _about_y(posture.stoop) @ _about_x(-_angle(posture.lean))
    shoulders = trunk @ _about_z(posture.twist)
    places = {"pelvis": np.zeros(3)}
    places["chest"] = trunk @ (UP * body.length(0.288))
    places["neck"] = places["chest"] + shoulders @ (UP * body.length(0.035))
    _set_head(places, body, shoulders @ _about_z(posture.look) @ _about_y(posture.nod))
    for side, sign in SIDES.items():
        _hang_arm(places, body, side, sign, shoulders, posture.left_arm if sign > 0 else posture.right_arm)
        _hang_leg(places, body, side, sign, root, posture.left_leg if sign > 0 else posture.right_leg)
    undersides = (places[name][..., 2] - body.radius(share) for name, share in FLESH.items())
    rise = body.length(1.0) * _angle(posture.lift) - functools.reduce(np.minimum, undersides)
    return {name: place + rise[..., None] * UP for name, place in places.items()}


def _set_head(places: dict[str, Array], body: Body, head: Array) -> None:
    """The skull is a ball of 0.06 of the height; eyes, ears and mouth are on it, the nose is its foremost point."""
    places["head"] = places["neck"] + head @ _lengths(body, 0.01, 0.0, 0.078)
    for name, where in (("nose", (0.055, 0.0, 0.0)), ("crown", (0.0, 0.0, 0.06))):
        places[name] = places["head"] + head @ _lengths(body, *where)
    for side, sign in SIDES.items():
        for name, (ahead, outward, up) in FACE.items():
            places[f"{side}_{name}"] = places["head"] + head @ _lengths(body, ahead, sign * outward, up)


def _hang_arm(places: dict[str, Array], body: Body, side: str, sign: float, shoulders: Array, arm: Arm) -> None:
    upper = shoulders @ _about_x(sign * _angle(arm.spread)) @ _about_y(-_angle(arm.shoulder))
    lower = upper @ _about_z(sign * _angle(arm.turn)) @ _about_y(-_angle(arm.elbow))
    places[f"{side}_shoulder"] = places["chest"] + shoulders @ _lengths(body, 0.0, sign * 0.115, 0.0)
    places[f"{side}_elbow"] = places[f"{side}_shoulder"] + upper @ (DOWN * body.length(0.186))
    places[f"{side}_wrist"] = places[f"{side}_elbow"] + lower @ (DOWN * body.length(0.146))
    for name, (ahead, outward, down) in HAND.items():
        places[f"{side}_{name}"] = places[f"{side}_wrist"] + lower @ _lengths(body, ahead, sign * outward, -down)


def _hang_leg(places: dict[str, Array], body: Body, side: str, sign: float, root: Array, leg: Leg) -> None:
    thigh = root @ _about_x(sign * _angle(leg.spread)) @ _about_y(-_angle(leg.hip))
    shin = thigh @ _about_y(leg.knee)
    foot = shin @ _about_y(-_angle(leg.ankle))
    places[f"{side}_hip"] = root @ _lengths(body, 0.0, sign * 0.06, 0.0)
    places[f"{side}_knee"] = places[f"{side}_hip"] + thigh @ (DOWN * body.length(0.245))
    places[f"{side}_ankle"] = places[f"{side}_knee"] + shin @ (DOWN * body.length(0.246))
    places[f"{side}_heel"] = places[f"{side}_ankle"] + foot @ _lengths(body, -0.012, 0.0, -0.019)
    places[f"{side}_toe"] = places[f"{side}_heel"] + foot @ _lengths(body, 0.115, 0.0, 0.0)


def _lengths(body: Body, *shares: float) -> Array:
    return body.height_m * np.array(shares)


def _angle(angle: Angle) -> Array:
    return np.asarray(angle, np.float64)


def _about_x(angle: Angle) -> Array:
    return _about(angle, (0, 1, 2))


def _about_y(angle: Angle) -> Array:
    return _about(angle, (1, 2, 0))


def _about_z(angle: Angle) -> Array:
    return _about(angle, (2, 0, 1))


def _about(angle: Angle, axes: tuple[int, int, int]) -> Array:
    """(..., 3, 3) rotations about the first of three axes, from the second towards the third."""
    around, first, second = axes
    matrix = np.zeros((*np.shape(angle), 3, 3))
    matrix[..., around, around] = 1.0
    matrix[..., first, first] = matrix[..., second, second] = np.cos(angle)
    matrix[..., second, first] = np.sin(angle)
    matrix[..., first, second] = -matrix[..., second, first]
    return matrix
