"""Every shipped table of joints is a whole skeleton, alike on both sides."""

import pytest

from dl_robotics.config import ConfigError
from dl_robotics.ops.skeleton_layout import SkeletonLayout
from dl_robotics.resources import config_file

COUNTS = {"blazepose33": 33, "coco17": 17, "kinect20": 20, "kinect_v2_25": 25, "openpose18": 18}
SHIPPED = sorted(path.stem for path in config_file("skeletons").glob("*.yaml"))


def test_the_tables_that_ship_are_known():
    assert sorted(COUNTS) == SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_bones_connect_every_joint_with_the_centre(name):
    layout = SkeletonLayout.load(name)
    assert len(layout.joints) == COUNTS[name]
    reached, more = {layout.index(layout.centre)}, True
    while more:
        more = {joint for bone in layout.bones if reached & {*bone} for joint in bone} - reached
        reached |= more
    assert reached == set(range(COUNTS[name]))


@pytest.mark.parametrize("name", SHIPPED)
def test_sides_mirror_each_other_with_their_bones(name):
    layout = SkeletonLayout.load(name)
    mirrored = layout.mirrored
    assert [mirrored[other] for other in mirrored] == list(range(COUNTS[name]))
    sided = [row for row, joint in enumerate(layout.joints) if joint.startswith(("left_", "right_"))]
    assert [row for row in range(COUNTS[name]) if mirrored[row] != row] == sided
    bones = {frozenset(bone) for bone in layout.bones}
    assert len(bones) == len(layout.bones)
    assert {frozenset(mirrored[joint] for joint in bone) for bone in bones} == bones
    assert all(layout.sigmas[row] == layout.sigmas[other] for row, other in enumerate(mirrored) if layout.sigmas)


def test_a_bone_to_nowhere_is_refused():
    with pytest.raises(ConfigError, match=r"edges\[1\].*tail"):
        SkeletonLayout(("head", "neck"), (("head", "neck"), ("neck", "tail")), "neck")
