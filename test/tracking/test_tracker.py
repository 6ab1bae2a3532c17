"""Boxes over time: who keeps which number."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenes import boxes, stamp_ns

from dl_robotics.config import ConfigError
from dl_robotics.ops.detections import Detections
from dl_robotics.tracking.settings import TrackerSettings
from dl_robotics.tracking.stage import Tracker


def ids(tracker, frame, found):
    """By the x of the box's centre."""
    told = tracker(found, stamp_ns(frame))
    return {float(box[0] + box[2]) / 2.0: id_ for box, id_ in zip(told.boxes, told.ids, strict=True)}


def test_what_is_there_at_first_is_numbered_at_once_and_keeps_its_number():
    tracker = Tracker()
    for frame in range(30):
        told = tracker(boxes((100 + 2 * frame, 200), (400, 200 + frame)), stamp_ns(frame))
        assert told.ids == ("1", "2")
        assert told.labels.tolist() == [1, 1]


def test_newcomers_are_told_of_after_some_frames_in_a_row():
    tracker = Tracker(TrackerSettings(min_hits=3))
    tracker(Detections.none(), stamp_ns(0))
    told = [tracker(boxes((100, 200)), stamp_ns(frame)).ids for frame in range(1, 5)]
    assert told == [(), (), ("1",), ("1",)]
    interrupted = [(), (), (), (), ()]
    seen = [boxes((900, 200)) if frame % 2 else Detections.none() for frame in range(5)]
    others = [tracker(found, stamp_ns(5 + frame)).ids for frame, found in enumerate(seen)]
    assert others == interrupted


def test_two_people_cross_and_keep_their_identities():
    tracker = Tracker()
    for frame in range(90):  # they meet in the middle, half a body apart in height: in fact one hides the other
        left, right = (100 + 6 * frame, 200), (640 - 6 * frame, 215)
        hidden = abs(left[0] - right[0]) < 25
        told = tracker(boxes(left) if hidden else boxes(left, right), stamp_ns(frame))
        if hidden:
            assert told.ids == ("1",)
        else:
            assert told.ids == ("1", "2")


def test_a_person_who_soon_returns_is_the_same_and_later_another():
    tracker = Tracker(TrackerSettings(max_lost_s=1.0, min_hits=1))

    def seen(frame):
        return ids(tracker, frame, boxes((100, 200)))

    assert set(seen(0).values()) == {"1"}
    assert set(seen(1).values()) == {"1"}
    for frame in range(2, 29):
        assert not ids(tracker, frame, Detections.none())
    assert set(seen(30).values()) == {"1"}
    for frame in range(31, 62):
        assert not ids(tracker, frame, Detections.none())
    assert set(seen(62).values()) == {"2"}


@pytest.mark.parametrize("kept", [1, 2, 5])
def test_dropped_frames_change_no_identity(kept):
    """Walking at the same pace, whether every frame comes or every fifth."""
    tracker = Tracker()
    for frame in range(0, 90, kept):
        told = tracker(boxes((100 + 4 * frame, 200), (800 - 4 * frame, 320)), stamp_ns(frame))
        assert told.ids == ("1", "2")


def test_low_scores_go_on_with_a_track_and_begin_none():
    tracker = Tracker()
    for frame in range(5):
        assert tracker(boxes((100, 200)), stamp_ns(frame)).ids == ("1",)
    for frame in range(5, 10):
        told = tracker(boxes((100, 200), (500, 200), scores=(0.2, 0.2)), stamp_ns(frame))
        assert told.ids == ("1",)
    assert tracker(boxes((100, 200), scores=(0.05,)), stamp_ns(10)).ids == ()


def test_classes_keep_apart_unless_told_otherwise():
    for aware, numbers in ((True, 2), (False, 1)):
        tracker = Tracker(TrackerSettings(class_aware=aware, min_hits=1))
        names = {
            id_ for frame in range(6) for id_ in tracker(boxes((100, 200), labels=[1 + frame % 2]), stamp_ns(frame)).ids
        }
        assert len(names) == numbers


def test_boxes_without_a_track_can_be_passed_on():
    tracker = Tracker(TrackerSettings(keep_untracked=True))
    told = tracker(boxes((100, 200), (500, 200), scores=(0.9, 0.3)), stamp_ns(0))
    assert told.ids == ("1", "")
    assert len(told) == 2


def test_smooth_boxes_are_nearer_to_the_truth_than_the_detectors():
    rng, errors = np.random.default_rng(0), {True: 0.0, False: 0.0}
    walks = [np.array([100.0 + 3 * frame, 200.0]) for frame in range(60)]
    seen = [place + rng.normal(0.0, 5.0, 2) for place in walks]
    for smooth in errors:
        tracker = Tracker(TrackerSettings(smooth_boxes=smooth))
        for frame, (place, found) in enumerate(zip(walks, seen, strict=True)):
            told = tracker(boxes(found, (900, 300), scores=(0.9, 0.4)), stamp_ns(frame))
            assert told.ids == ("1",)
            errors[smooth] += float(np.abs(told.boxes[0] - boxes(place).boxes[0]).mean()) / len(walks)
    assert errors[True] < 0.7 * errors[False]


def test_a_stamp_that_is_not_later_is_refused_and_time_set_back_begins_anew():
    tracker = Tracker(TrackerSettings(min_hits=1))
    tracker(boxes((100, 200)), 10_000_000_000)
    for stamp in (10_000_000_000, 9_500_000_000):
        with pytest.raises(ValueError, match="stamp: expected later than"):
            tracker(boxes((100, 200)), stamp)
    assert tracker(boxes((100, 200)), 1_000_000_000).ids == ("2",)
    tracker.reset()
    assert tracker(boxes((100, 200)), 1_000_000_000).ids == ("1",)


def test_a_pause_longer_than_tracks_are_kept_ends_them():
    tracker = Tracker(TrackerSettings(max_lost_s=1.0, min_hits=1))
    assert tracker(boxes((100, 200)), stamp_ns(0)).ids == ("1",)
    assert tracker(boxes((100, 200)), stamp_ns(0) + 1_100_000_000).ids == ("2",)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(0, 12))
def test_identities_do_not_depend_on_the_order_and_are_each_given_once(seed, people):
    rng = np.random.default_rng(seed)
    places, pace = rng.uniform(0, 400, (people, 2)), rng.normal(0, 3, (people, 2))
    straight, shuffled = Tracker(), Tracker()
    for frame in range(6):
        there = rng.random(people) < 0.8
        found = boxes(*(places + pace * frame)[there], scores=rng.uniform(0.0, 1.0, there.sum()))
        order = rng.permutation(len(found))
        mixed = Detections(found.boxes[order], found.labels[order], found.scores[order])
        numbers = straight.numbers(found, stamp_ns(frame))
        others = shuffled.numbers(mixed, stamp_ns(frame))
        assert len(set(numbers[numbers > 0])) == (numbers > 0).sum()
        if frame == 0:  # who of several newcomers gets which number is the order's
            renamed = dict(zip(numbers[order].tolist(), others.tolist(), strict=True))
        known = [(renamed.get(one), other) for one, other in zip(numbers[order].tolist(), others.tolist(), strict=True)]
        assert all(name in (None, other) for name, other in known)


def test_settings_that_contradict_each_other_are_refused():
    with pytest.raises(ConfigError, match="none above the next"):
        TrackerSettings(low_score=0.6, high_score=0.5)
    with pytest.raises(ConfigError, match="max_lost_s"):
        TrackerSettings(max_lost_s=-1.0)
