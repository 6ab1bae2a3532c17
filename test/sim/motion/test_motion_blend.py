"""Between postures: ends are met, the way of least jerk, every angle by itself."""

import numpy as np
import pytest

from dl_robotics.sim.motion.blend import blend, bump, ease, scaled, shifted
from dl_robotics.sim.scenes.figure import Arm, Leg, Posture

FIRST = Posture(left_leg=Leg(hip=0.2), right_arm=Arm(elbow=1.0), stoop=0.4)
SECOND = Posture(left_leg=Leg(hip=0.6), right_arm=Arm(elbow=0.0), stoop=-0.4)


def test_least_jerk_meets_both_ends_and_the_numbers_of_the_paper():
    # 10 s^3 - 15 s^4 + 6 s^5 at 1/4, 1/2 and 3/4
    np.testing.assert_allclose(ease(np.array([-1.0, 0.0, 0.25, 0.5, 0.75, 1.0, 2.0])),
                               [0.0, 0.0, 0.103515625, 0.5, 0.896484375, 1.0, 1.0])  # fmt: skip


def test_a_bump_begins_and_ends_at_nothing():
    np.testing.assert_allclose(
        bump(np.array([-0.5, 0.0, 0.25, 0.5, 1.0, 1.5])), [0.0, 0.0, 0.5, 1.0, 0.0, 0.0], atol=1e-15
    )


@pytest.mark.parametrize(
    ("share", "hip", "elbow", "stoop"), [(0.0, 0.2, 1.0, 0.4), (0.25, 0.3, 0.75, 0.2), (1.0, 0.6, 0.0, -0.4)]
)
def test_every_angle_goes_its_own_way(share, hip, elbow, stoop):
    between = blend(FIRST, SECOND, share)
    assert (between.left_leg.hip, between.right_arm.elbow, between.stoop) == pytest.approx((hip, elbow, stoop))
    assert between.tip == 0.0


def test_shares_of_many_moments_give_angles_of_many_moments():
    np.testing.assert_allclose(blend(FIRST, SECOND, np.array([0.0, 0.5, 1.0])).stoop, [0.4, 0.0, -0.4])


def test_postures_add_up_and_grow():
    assert shifted(FIRST, SECOND).left_leg.hip == pytest.approx(0.8)
    assert scaled(FIRST, 2.0).right_arm.elbow == 2.0
