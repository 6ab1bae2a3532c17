"""A goal from its acceptance to its one end."""

import math

import numpy as np
import pytest
from geometry_msgs.msg import PoseStamped

from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.goal_status import GoalState
from dl_robotics.messages.pose import StampedPose, encode_pose_stamped
from dl_robotics.nodes.goal_tracker import GoalTracker, Progress, decode_goal
from dl_robotics.ops.geometry import transform_from_planar

S = 1_000_000_000


class Ears:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.heard: list[Progress] = []
        self.endings: list[GoalState] = []

    def progressed(self, progress: Progress) -> None:
        self.heard.append(progress)

    def ended(self, state: GoalState, reason: str) -> None:
        assert reason
        self.endings.append(state)


def goal(x: float, y: float) -> StampedPose:
    return StampedPose(0, "odom", transform_from_planar((x, y, 0.0)))


def tracker_with(ears: Ears, x: float = 4.0, y: float = 0.0) -> GoalTracker:
    tracker = GoalTracker(tolerance_m=0.2)
    tracker.accept(goal(x, y), ears, now_ns=10 * S)
    tracker.locate(goal(x, y).pose)
    return tracker


def test_progress_counts_from_the_acceptance() -> None:
    ears = Ears()
    tracker = tracker_with(ears)
    assert tracker.update((0.0, 0.0), 10 * S)
    assert tracker.update((1.0, 0.0), 12 * S)
    first, second = ears.heard
    assert first == Progress((0.0, 0.0), 4.0, 0.0, math.inf)
    assert (second.distance_m, second.elapsed_s, second.remaining_s) == pytest.approx((3.0, 2.0, 6.0))


def test_arrival_within_the_tolerance_ends_the_goal_once() -> None:
    ears = Ears()
    tracker = tracker_with(ears)
    assert tracker.update((3.79, 0.0), 11 * S)
    assert not tracker.update((3.81, 0.0), 12 * S)
    assert not tracker.update((3.81, 0.0), 13 * S)
    assert ears.endings == [GoalState.SUCCEEDED]
    assert tracker.goal is None


def test_a_newer_goal_aborts_the_older() -> None:
    old, new = Ears(), Ears()
    tracker = tracker_with(old)
    tracker.accept(goal(1.0, 1.0), new, now_ns=11 * S)
    assert old.endings == [GoalState.ABORTED]
    assert new.endings == []
    assert tracker.position is None  # the new goal's place is not known before locate


def test_a_goal_whose_place_is_unknown_is_not_driven_to() -> None:
    ears = Ears()
    tracker = GoalTracker(tolerance_m=0.2)
    tracker.accept(goal(4.0, 0.0), ears, now_ns=0)
    assert not tracker.update((4.0, 0.0), 1)
    assert ears.endings == []


@pytest.mark.parametrize("state", [GoalState.CANCELED, GoalState.ABORTED])
def test_an_end_from_outside_is_told_once(state: GoalState) -> None:
    ears = Ears()
    tracker = tracker_with(ears)
    tracker.end(state, "enough")
    tracker.end(state, "enough")
    assert ears.endings == [state]


def test_a_goal_needs_a_frame_and_a_finite_pose() -> None:
    message = encode_pose_stamped(goal(1.0, 2.0))
    assert np.allclose(decode_goal(message).pose[:2, 3], [1.0, 2.0])
    message.header.frame_id = ""
    with pytest.raises(MessageError, match=r"header\.frame_id"):
        decode_goal(message)
    with pytest.raises(MessageError, match="orientation"):  # what an empty message holds
        decode_goal(PoseStamped(header=encode_pose_stamped(goal(0.0, 0.0)).header, pose=_unset()))


def _unset() -> object:
    pose = PoseStamped().pose
    pose.orientation.w = 0.0
    return pose
