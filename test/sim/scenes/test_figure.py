"""Figures: joints by hand, segments that keep their lengths, feet that stand on the floor."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dl_robotics.sim.motion.gait import walking
from dl_robotics.sim.scenes.body import Body
from dl_robotics.sim.scenes.figure import Arm, Leg, Posture, joint_places
from dl_robotics.sim.scenes.limbs import limbs
from dl_robotics.sim.world import Capsule

BODY = Body(2.0)
QUARTER = math.pi / 2.0
ANGLES = st.floats(-1.5, 1.5)
LIMBS = {"upper_arm": ("shoulder", "elbow", 0.186), "shin": ("knee", "ankle", 0.246), "thigh": ("hip", "knee", 0.245)}


def ahead(start, end, **posture):
    """Where one joint is seen from another."""
    places = joint_places(BODY, Posture(**posture))
    return places[end] - places[start]


def lowest(limb):
    half = limb.shape.length / 2.0 * abs(limb.pose[2, 2]) if isinstance(limb.shape, Capsule) else 0.0
    return limb.pose[2, 3] - half - limb.shape.radius


def test_upright_the_left_is_left_and_the_nose_ahead():
    places = joint_places(BODY, Posture())
    assert places["left_hip"][1] == -places["right_hip"][1] > 0.0
    assert places["left_shoulder"][1] > 0.0 > places["right_shoulder"][1]
    assert places["nose"][0] > places["head"][0]
    assert places["left_toe"][0] > places["left_heel"][0]
    assert places["head"][2] > places["chest"][2] > places["pelvis"][2] > places["left_knee"][2]


@pytest.mark.parametrize(
    ("posture", "start", "end", "expected"),
    [
        ({}, "left_shoulder", "left_elbow", (0.0, 0.0, -0.372)),
        ({"left_arm": Arm(shoulder=QUARTER)}, "left_shoulder", "left_elbow", (0.372, 0.0, 0.0)),
        ({"left_arm": Arm(spread=QUARTER)}, "left_shoulder", "left_elbow", (0.0, 0.372, 0.0)),
        ({"right_arm": Arm(spread=QUARTER)}, "right_shoulder", "right_elbow", (0.0, -0.372, 0.0)),
        ({"left_arm": Arm(elbow=QUARTER)}, "left_elbow", "left_wrist", (0.292, 0.0, 0.0)),
        ({"right_leg": Leg(hip=QUARTER)}, "right_hip", "right_knee", (0.49, 0.0, 0.0)),
        ({"right_leg": Leg(knee=QUARTER)}, "right_knee", "right_ankle", (-0.492, 0.0, 0.0)),
        ({"stoop": QUARTER}, "pelvis", "chest", (0.576, 0.0, 0.0)),
        ({"lean": QUARTER}, "pelvis", "chest", (0.0, 0.576, 0.0)),
        ({"twist": QUARTER}, "chest", "left_shoulder", (-0.23, 0.0, 0.0)),
        ({"look": QUARTER}, "head", "nose", (0.0, 0.11, 0.0)),
        ({"nod": QUARTER}, "head", "nose", (0.0, 0.0, -0.11)),
    ],
)
def test_joints_turn_the_way_their_names_say(posture, start, end, expected):
    np.testing.assert_allclose(ahead(start, end, **posture), expected, atol=1e-12)


@given(st.builds(Leg, ANGLES, ANGLES, ANGLES, ANGLES), st.builds(Arm, ANGLES, ANGLES, ANGLES), ANGLES, ANGLES)
def test_no_posture_changes_a_segment_s_length(leg, arm, stoop, twist):
    posture = Posture(left_leg=leg, right_leg=leg, left_arm=arm, right_arm=arm, stoop=stoop, twist=twist)
    found = {limb.name: limb for limb in limbs(BODY, joint_places(BODY, posture))}
    for side in ("left", "right"):
        for name, (_, _, share) in LIMBS.items():
            assert found[f"{side}_{name}"].shape.length == pytest.approx(2.0 * share)
    assert min(lowest(limb) for limb in found.values() if limb.name != "hair") == pytest.approx(0.0, abs=1e-9)


def test_a_capsule_joins_its_two_joints():
    places = joint_places(BODY, walking(1.0))
    for limb in limbs(BODY, places):
        for name, (start, end, _) in LIMBS.items():
            if limb.name == f"left_{name}":
                half = limb.pose[:3, 2] * limb.shape.length / 2.0
                np.testing.assert_allclose(limb.pose[:3, 3] + half, places[f"left_{end}"], atol=1e-12)
                np.testing.assert_allclose(limb.pose[:3, 3] - half, places[f"left_{start}"], atol=1e-12)


def test_upright_the_crown_is_at_the_body_s_height():
    flesh = limbs(BODY, joint_places(BODY, Posture()))
    top = max(limb.pose[2, 3] + limb.shape.radius for limb in flesh if not isinstance(limb.shape, Capsule))
    assert top == pytest.approx(BODY.height_m, rel=0.03)


def test_walking_swings_legs_and_arms_against_each_other():
    places = joint_places(BODY, walking(0.0))
    assert places["left_ankle"][0] > 0.1 > -0.1 > places["right_ankle"][0]
    assert places["left_wrist"][0] < places["right_wrist"][0]
    other = joint_places(BODY, walking(math.pi))
    np.testing.assert_allclose(other["right_ankle"][[0, 2]], places["left_ankle"][[0, 2]], atol=1e-12)


def test_walking_repeats_and_never_bends_a_knee_forward():
    for phase in np.linspace(0.0, 2.0 * math.pi, 50):
        posture, again = walking(phase), walking(phase + 2.0 * math.pi)
        assert posture.left_leg.knee >= 0.0
        assert posture.right_leg.knee >= 0.0
        assert posture.left_leg.hip == pytest.approx(again.left_leg.hip)
