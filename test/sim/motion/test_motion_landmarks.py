"""Joints of figures in every table of joints that ships."""

import numpy as np
import pytest

from dl_robotics.config import ConfigError
from dl_robotics.ops.skeleton_layout import SkeletonLayout
from dl_robotics.resources import config_file
from dl_robotics.sim.motion.landmarks import landmarks
from dl_robotics.sim.scenes.body import Body
from dl_robotics.sim.scenes.figure import Posture, joint_places

LAYOUTS = sorted(path.stem for path in config_file("skeletons").glob("*.yaml"))
UPRIGHT = joint_places(Body(1.8), Posture())


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_shipped_table_can_be_filled_and_left_mirrors_right(name):
    layout = SkeletonLayout.load(name)
    joints = landmarks(UPRIGHT, layout)
    assert joints.shape == (len(layout.joints), 3)
    np.testing.assert_allclose(joints[list(layout.mirrored)], joints * (1.0, -1.0, 1.0), atol=1e-12)
    assert all(joints[layout.index(name), 1] > 0.0 for name in layout.joints if name.startswith("left_"))


def test_joints_between_others_lie_half_way():
    layout = SkeletonLayout.load("kinect20")
    joints = landmarks(UPRIGHT, layout)
    middle = (UPRIGHT["pelvis"] + UPRIGHT["chest"]) / 2.0
    np.testing.assert_allclose(joints[layout.index("spine")], middle)
    np.testing.assert_allclose(joints[layout.index("left_foot")], UPRIGHT["left_toe"])


def test_a_joint_that_figures_do_not_have_is_refused_by_name():
    layout = SkeletonLayout(("head", "tail"), (("head", "tail"),), "head")
    with pytest.raises(ConfigError, match=r"layout: expected joints that a generated figure has .*, got 'tail'"):
        landmarks(UPRIGHT, layout)
