"""Skeletons in images for people to look at."""

import numpy as np
import pytest

from dl_robotics.ops.draw_skeletons import draw_skeletons
from dl_robotics.ops.palette import colour_of
from dl_robotics.ops.skeleton_layout import SkeletonLayout
from dl_robotics.ops.skeletons import Skeletons

LAYOUT = SkeletonLayout(("left_hand", "neck", "right_hand"), (("left_hand", "neck"), ("neck", "right_hand")), "neck")
GREY = np.full((100, 200, 3), 127, np.uint8)


def person(scores=(1.0, 1.0, 1.0), number=0):
    joints = np.array([[[20, 50, 0], [100, 50, 0], [180, 50, 0]]], np.float32)
    return Skeletons(joints, np.array([scores], np.float32), np.array([number]))


@pytest.mark.parametrize("number", [0, 1, 300])
def test_bones_have_the_persons_colour_a_black_rim_and_joints_with_white_middles(number):
    drawn = draw_skeletons(GREY, person(number=number), LAYOUT)
    assert drawn[50, 60].astype(int) == pytest.approx(colour_of(number + 1), abs=25)  # lines are smoothed
    assert max(colour_of(number + 1)) > 100
    assert min(drawn[row, 60].max() for row in (47, 48)) < 60
    assert tuple(drawn[50, 100]) == (255, 255, 255)
    assert tuple(drawn[30, 60]) == (127, 127, 127)
    assert (GREY == 127).all()


@pytest.mark.parametrize(("score", "min_score"), [(0.4, 0.5), (0.0, 0.0)])
def test_joints_that_are_not_seen_and_their_bones_are_left_out(score, min_score):
    drawn = draw_skeletons(GREY, person((1.0, 1.0, score)), LAYOUT, min_score)
    assert (drawn[:, 110:] == 127).all()
    assert (drawn[50, 60] != 127).any()


def test_joints_outside_the_image_do_no_harm():
    far = Skeletons(
        np.array([[[1e6, -1e6, 0], [100, 50, 0], [-50, 50, 0]]], np.float32), np.ones((1, 3)), np.array([0])
    )
    assert (draw_skeletons(GREY, far, LAYOUT)[50, 30] != 127).any()


def test_nobody_leaves_the_image_as_it_is():
    assert (draw_skeletons(GREY, Skeletons.none(3), LAYOUT) == GREY).all()
