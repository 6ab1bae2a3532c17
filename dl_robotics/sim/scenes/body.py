"""How large a figure is: its height, and what its parts measure as shares of that."""

from __future__ import annotations

from dataclasses import dataclass

SIDES = {"left": 1.0, "right": -1.0}
# Name, from joint, to joint, radius as a share of the height, covering.
SEGMENTS = (
    ("hips", "left_hip", "right_hip", 0.062, "trousers"),
    ("belly", "pelvis", "chest", 0.07, "top"),
    ("shoulders", "left_shoulder", "right_shoulder", 0.046, "top"),
    ("neck", "chest", "neck", 0.032, "skin"),
    *((f"{side}_upper_arm", f"{side}_shoulder", f"{side}_elbow", 0.03, "top") for side in SIDES),
    *((f"{side}_forearm", f"{side}_elbow", f"{side}_wrist", 0.024, "skin") for side in SIDES),
    *((f"{side}_thigh", f"{side}_hip", f"{side}_knee", 0.047, "trousers") for side in SIDES),
    *((f"{side}_shin", f"{side}_knee", f"{side}_ankle", 0.034, "trousers") for side in SIDES),
    *((f"{side}_foot", f"{side}_heel", f"{side}_toe", 0.02, "shoes") for side in SIDES),
)
BALLS = {"head": 0.06, **{f"{side}_hand": 0.028 for side in SIDES}}  # radii as shares of the height
# Flesh around each joint, radius as a share of the height: what may touch the floor.
FLESH = {
    name: max(segment[3] for segment in SEGMENTS if name in segment[1:3])
    for name in dict.fromkeys(name for segment in SEGMENTS for name in segment[1:3])
} | BALLS


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
