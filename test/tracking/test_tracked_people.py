"""Skeletons over time."""

import numpy as np
import pytest
from scenes import skeletons, stamp_ns

from dl_robotics.ops.skeleton_layout import SkeletonLayout
from dl_robotics.ops.skeletons import Skeletons
from dl_robotics.tracking.settings import TrackerSettings
from dl_robotics.tracking.stage import Tracker

UPPER, LOWER = slice(0, 9), slice(6, 17)  # joints; three belong to both


@pytest.mark.parametrize("metres_a_pixel", [None, 0.017], ids=["pixels", "metres"])
def test_people_cross_and_keep_their_numbers(metres_a_pixel):
    tracker = Tracker(layout=SkeletonLayout.load("coco17"))
    for frame in range(90):
        left, right = (100 + 6 * frame, 200), (640 - 6 * frame, 215)
        told = tracker(skeletons(left, right, metres_a_pixel=metres_a_pixel), stamp_ns(frame))
        assert told.persons.tolist() == [1, 2]


def test_joints_that_hide_do_not_change_who_it_is():
    tracker = Tracker()
    for frame in range(40):
        seen = (slice(None), UPPER, slice(None), LOWER)[frame // 10]
        told = tracker(skeletons((100 + 5 * frame, 200), seen=seen), stamp_ns(frame))
        assert told.persons.tolist() == [1]
        np.testing.assert_array_equal(told.scores > 0, skeletons((0, 0), seen=seen).scores > 0)


def test_a_person_who_soon_returns_is_the_same_and_later_another():
    tracker = Tracker(TrackerSettings(max_lost_s=1.0, min_hits=1))
    nobody = Skeletons.none(17)
    for frame in range(10):
        assert tracker(skeletons((100 + 3 * frame, 200)), stamp_ns(frame)).persons.tolist() == [1]
    for frame in range(10, 25):
        assert len(tracker(nobody, stamp_ns(frame))) == 0
    assert tracker(skeletons((100 + 3 * 25, 200)), stamp_ns(25)).persons.tolist() == [1]
    for frame in range(26, 60):
        tracker(nobody, stamp_ns(frame))
    assert tracker(skeletons((175, 200)), stamp_ns(60)).persons.tolist() == [2]


def test_someone_of_whom_no_joint_was_seen_is_nobody():
    people = skeletons((100, 200), (400, 200))
    people.scores[1] = 0.0
    tracker = Tracker(TrackerSettings(low_score=0.0, high_score=0.0, birth_score=0.3))
    assert tracker(people, stamp_ns(0)).persons.tolist() == [1]
    assert tracker(people, stamp_ns(1)).persons.tolist() == [1]


def test_another_number_of_joints_than_the_layouts_is_refused():
    tracker = Tracker(layout=SkeletonLayout.load("coco17"))
    others = skeletons((100, 200))
    with pytest.raises(ValueError, match="expected 17 joints each, got 12"):
        tracker(Skeletons(others.joints[:, :12], others.scores[:, :12], others.persons), stamp_ns(0))
    assert len(tracker(Skeletons.none(33), stamp_ns(1))) == 0


def test_without_a_layout_messages_may_leave_joints_out():
    """As publishers do that send only what they have seen."""
    tracker = Tracker()
    for frame, sent in enumerate((12, 17, 9, 0, 17)):
        people = skeletons((100 + 3 * frame, 200), (500, 200)) if sent else Skeletons.none(0)
        fewer = Skeletons(people.joints[:, :sent], people.scores[:, :sent], people.persons)
        assert tracker(fewer, stamp_ns(frame)).persons.tolist() == ([1, 2] if sent else [])
