"""Goals as an action, where nav2_msgs is installed; the goals themselves are tested in test_goal_tracker.py."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from action_msgs.msg import GoalStatus
from bench import Bench
from rclpy.action.client import ActionClient, ClientGoalHandle
from rig import Rig

from dl_robotics.messages.goal_status import GoalState
from dl_robotics.messages.pose import StampedPose, encode_pose_stamped

if importlib.util.find_spec("nav2_msgs") is None:
    pytest.skip("nav2_msgs is not installed here: it is part of a full ROS install", allow_module_level=True)

from nav2_msgs.action import NavigateToPose


class Client:
    """An action client and what it is told."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.rig = bench, bench.rig
        self.client = ActionClient(self.rig.client, NavigateToPose, "navigate_to_pose")
        self.rig.until(self.client.server_is_ready, "the action's server")
        self.feedback: list[NavigateToPose.Feedback] = []

    def send(self, x: float, frame: str = "odom") -> ClientGoalHandle:
        pose = encode_pose_stamped(StampedPose(0, frame, np.eye(4)))
        pose.pose.position.x = x
        goal = NavigateToPose.Goal(pose=pose)
        future = self.client.send_goal_async(goal, lambda message: self.feedback.append(message.feedback))
        self.rig.until(future.done, "an answer to the goal")
        return future.result()

    def result(self, handle: ClientGoalHandle) -> object:
        future = handle.get_result_async()
        self.rig.until(future.done, "the result")
        return future.result()


@pytest.fixture
def bench(rig: Rig, policy: Path) -> Bench:
    return Bench(rig, policy, input_timeout_s=10.0)


def test_a_goal_gives_feedback_and_succeeds(bench: Bench) -> None:
    client = Client(bench)
    handle = client.send(1.0)
    assert handle.accepted
    bench.sense(0.0)
    bench.sense(0.5)
    bench.rig.until(lambda: len(client.feedback) == 2, "feedback")
    assert [f.distance_remaining for f in client.feedback] == pytest.approx([1.0, 0.5])
    assert client.feedback[1].current_pose.header.frame_id == "odom"
    bench.sense(0.9)
    answer = client.result(handle)
    assert answer.status == GoalStatus.STATUS_SUCCEEDED
    assert bench.goal_states == [GoalState.EXECUTING, GoalState.SUCCEEDED]


def test_a_cancelled_goal_stops_the_robot(bench: Bench) -> None:
    client = Client(bench)
    handle = client.send(5.0)
    bench.sense()
    bench.until_commands(1)
    future = handle.cancel_goal_async()
    bench.rig.until(future.done, "an answer to the cancel request")
    assert client.result(handle).status == GoalStatus.STATUS_CANCELED
    bench.until_commands(2)
    assert bench.commands == [(0.2, 0.0), (0.0, 0.0)]
    assert bench.navigator.goals.goal is None


def test_a_goal_on_the_topic_replaces_the_one_of_the_action(bench: Bench) -> None:
    client = Client(bench)
    handle = client.send(5.0)
    bench.send_goal(6.0, 0.0)
    answer = client.result(handle)
    assert answer.status == GoalStatus.STATUS_ABORTED
    assert "newer goal" in answer.result.error_msg
    assert bench.navigator.goals.goal is not None


def test_goals_that_cannot_be_driven_to_are_rejected(bench: Bench) -> None:
    client = Client(bench)
    assert not client.send(float("nan")).accepted
    assert not client.send(1.0, frame="").accepted
    bench.navigator.trigger_deactivate()
    assert not client.send(1.0).accepted
