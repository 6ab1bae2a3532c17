"""Rotations as matrices and as quaternions."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dl_robotics.ops.geometry import quaternion, transform, transform_from_planar, transform_from_quaternion

ANGLES = st.floats(-math.pi, math.pi)


@given(ANGLES, ANGLES, ANGLES)
def test_a_quaternion_gives_its_rotation_back(roll: float, pitch: float, yaw: float) -> None:
    matrix = transform((1.0, 2.0, 3.0), (roll, pitch, yaw))
    found = quaternion(matrix)
    assert np.linalg.norm(found) == pytest.approx(1.0)
    assert found[3] >= 0.0
    assert transform_from_quaternion((1.0, 2.0, 3.0), found) == pytest.approx(matrix, abs=1e-12)


@pytest.mark.parametrize(
    ("rpy", "expected"),
    [
        ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 1.0)),
        ((math.pi, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0)),
        ((0.0, math.pi, 0.0), (0.0, 1.0, 0.0, 0.0)),
        ((0.0, 0.0, math.pi), (0.0, 0.0, 1.0, 0.0)),
        ((0.0, 0.0, math.pi / 2.0), (0.0, 0.0, math.sqrt(0.5), math.sqrt(0.5))),
    ],
)
def test_turns_about_the_axes(rpy: tuple[float, float, float], expected: tuple[float, ...]) -> None:
    assert quaternion(transform(rpy=rpy)) == pytest.approx(expected, abs=1e-12)


@given(ANGLES)
def test_a_planar_pose_is_a_turn_about_z(yaw: float) -> None:
    assert transform_from_planar((1.0, -2.0, yaw)) == pytest.approx(transform((1.0, -2.0, 0.0), (0.0, 0.0, yaw)))
