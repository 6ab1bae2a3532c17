"""Sends a navigator from goal to goal and measures each drive against the simulator's ground truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from action_msgs.msg import GoalStatus
from geometry_msgs.msg import PoseStamped
from nav_msgs.msg import Odometry as OdometryMessage
from rclpy.client import Client
from rclpy.executors import Executor, SingleThreadedExecutor
from rclpy.qos import QoSProfile, ReliabilityPolicy
from std_msgs.msg import Bool
from std_srvs.srv import Trigger

from dl_robotics.messages.goal_status import GoalState, decode_goal_status
from dl_robotics.messages.odometry import Odometry, decode_odometry
from dl_robotics.messages.pose import StampedPose, encode_pose_stamped
from dl_robotics.navigation.legs import Leg, Outcome
from dl_robotics.navigation.task import Task
from dl_robotics.nodes.waiting import WaitingNode, undisturbed
from dl_robotics.ops.geometry import Array, planar, transform_from_planar
from dl_robotics.sim.free_space import FreeSpace

SLACK_M = 0.05  # beyond the tolerance, for what odometry and ground truth differ
REST_MPS = 0.01  # a robot this slow has stopped at its goal
NEAR_M = 0.05
WORLD_FRAME = "world"


def run_course(goals: Sequence[Array], free_space: FreeSpace, task: Task, check: Callable[[], None]) -> list[Leg]:
    """Drive to goals (x, y in m in the world), one after another, with the simulator and navigator that are running.

    :param check: called all the time; raises if there is no point in going on.
    :raises TimeoutError: naming the topic or service that falls silent.
    """
    with undisturbed():
        course = Course(SingleThreadedExecutor(), free_space, task, check)
        try:
            course.wait_until_ready()
            return [course.drive(goal) for goal in goals]
        finally:
            course.destroy_node()


class Course(WaitingNode):
    """A client of the simulator and the navigator.

    A goal is reached if the navigator says so and the ground truth agrees.

    :param executor: spins this node while it waits.
    :param task: its goal tolerance, and the simulated time that a drive may take.
    :param check: as in :func:`run_course`.
    """

    def __init__(self, executor: Executor, free_space: FreeSpace, task: Task, check: Callable[[], None]) -> None:
        super().__init__("course", executor, check)
        self._free_space, self._task = free_space, task
        self._truth: Odometry | None = None
        self._collided = False
        self._goal_state: GoalState | None = None
        newest = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
        self.create_subscription(OdometryMessage, "simulator/ground_truth", self._on_truth, newest)
        self.create_subscription(Bool, "simulator/collision", self._on_collision, 10)
        self.create_subscription(GoalStatus, "navigator/status", self._on_status, 10)
        self._goals = self.create_publisher(PoseStamped, "goal_pose", 1)
        self._reset: Client[Any, Any] = self.create_client(Trigger, "simulator/reset")

    def wait_until_ready(self) -> None:
        """Wait for the simulator's ground truth and for a navigator that takes goals.

        :raises TimeoutError: naming what does not come.
        """
        self.wait(lambda: self._truth is not None, "simulator/ground_truth: no message")
        self.wait(self._navigator_listens, f"{self._goals.topic_name}: no navigator that takes goals")

    def _navigator_listens(self) -> bool:
        """A navigator subscribes when it is activated; a recorder may have done so before."""
        listeners = self.get_subscriptions_info_by_topic(self._goals.topic_name)
        return "navigator" in [info.node_name for info in listeners]

    def drive(self, goal: Array) -> Leg:
        """Send one goal (x, y in m in the world) and follow the robot until it is there or has failed.

        After a collision the simulator is reset, which takes the robot to where the world file has it.

        :raises TimeoutError: if the simulator falls silent.
        """
        begin = self._state()
        path = [_position(begin)]
        tolerance_m = self._task.goal_tolerance_m
        free = self._free_space.nearest(path[0])  # a robot may stand nearer to an obstacle than paths are drawn
        shortest_m = max(self._free_space.path_length(free, goal) - tolerance_m, tolerance_m)
        self._goal_state = None
        self._goals.publish(encode_pose_stamped(StampedPose(0, WORLD_FRAME, transform_from_planar((*goal, 0.0)))))
        outcome: Outcome | None = None
        while outcome is None:
            self._wait_for_news()
            path.append(_position(self._state()))
            outcome = self._outcome(begin, path[-1], goal)
        time_s = (self._state().stamp_ns - begin.stamp_ns) * 1e-9
        if outcome == "collision":
            self._reset_simulator()
        return Leg(np.asarray(goal), np.array(path), time_s, shortest_m, outcome)

    def _outcome(self, begin: Odometry, position: Array, goal: Array) -> Outcome | None:
        if self._collided:
            return "collision"
        if self._goal_state is GoalState.SUCCEEDED and abs(self._state().linear[0]) < REST_MPS:
            missed_m = np.linalg.norm(position - goal) - self._task.goal_tolerance_m
            return "reached" if missed_m < SLACK_M else "missed"
        if (self._state().stamp_ns - begin.stamp_ns) * 1e-9 > self._task.time_limit_s:
            return "time-out"
        return None

    def _reset_simulator(self) -> None:
        self.call(self._reset, Trigger.Request())
        self.wait(self._at_start, "simulator/ground_truth: not at the start after the reset")
        self._collided = False

    def _at_start(self) -> bool:
        return float(np.linalg.norm(_position(self._state()) - self._free_space.start)) < NEAR_M

    def _wait_for_news(self) -> None:
        before = self._state()
        self.wait(lambda: self._truth is not before, "simulator/ground_truth: no more messages")

    def _state(self) -> Odometry:
        if self._truth is None:
            raise TimeoutError("simulator/ground_truth: no message yet")
        return self._truth

    def _on_truth(self, message: OdometryMessage) -> None:
        self._truth = decode_odometry(message)

    def _on_collision(self, message: Bool) -> None:
        self._collided = self._collided or message.data

    def _on_status(self, message: GoalStatus) -> None:
        state = decode_goal_status(message).state
        if self._goal_state is not None or state is GoalState.EXECUTING:  # else it is about the goal before
            self._goal_state = state


def draw_goals(
    free_space: FreeSpace, rng: np.random.Generator, count: int, apart_m: tuple[float, float]
) -> list[Array]:
    """Goals in free space; each is that far from the one before, as the crow flies."""
    goals: list[Array] = []
    while len(goals) < count:
        goal = free_space.sample(rng, 1)[0]
        if not goals or apart_m[0] <= np.linalg.norm(goal - goals[-1]) <= apart_m[1]:
            goals.append(goal)
    return goals


def _position(odometry: Odometry) -> Array:
    return np.array(planar(odometry.pose)[:2])
