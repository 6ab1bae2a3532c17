"""Lets a navigator drive given scenarios in the simulator, over topics alone, and writes down what the robot truly did.

The simulator is paused between scenarios, and time runs only from the moment when the navigator has answered the first
scan: so a scenario begins over topics as it does within a process. It must run with ``command_latency_s`` 0.

The ground truth of an instant and the contacts up to it count together, whichever arrives first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from action_msgs.msg import GoalStatus
from geometry_msgs.msg import PoseStamped, Twist
from nav_msgs.msg import Odometry as OdometryMessage
from rcl_interfaces.srv import SetParameters
from rclpy.client import Client
from rclpy.executors import Executor, SingleThreadedExecutor
from rclpy.parameter import Parameter
from rclpy.qos import QoSProfile
from ros_gz_interfaces.msg import Contacts
from std_srvs.srv import SetBool, Trigger

from dl_robotics.errors import UserError
from dl_robotics.messages.contacts import decode_contacts
from dl_robotics.messages.goal_status import GoalState, decode_goal_status
from dl_robotics.messages.odometry import Odometry, decode_odometry
from dl_robotics.messages.pose import StampedPose, encode_pose_stamped
from dl_robotics.navigation.legs import Outcome
from dl_robotics.navigation.scenario import Scenarios
from dl_robotics.navigation.task import Task
from dl_robotics.nodes.robot_frames import base_in_model
from dl_robotics.nodes.touches import Touches
from dl_robotics.nodes.waiting import WaitingNode, undisturbed
from dl_robotics.ops.geometry import Array, inverse, planar, transform_from_planar
from dl_robotics.sim.world import Model

Pose = tuple[float, float, float]

WORLD_FRAME = "world"
HISTORY = QoSProfile(depth=1000)  # the simulator runs ahead of whoever listens
AT_START_M = 1e-6
REST_MPS = 0.01  # a robot this slow stands
# So many control instants at rest after the navigator has announced success, and the robot has stopped elsewhere. The
# announcement may overtake what the robot did before it, standing still for a moment included.
REST_STEPS = 50
START_S = 600.0  # real time that processes may take to start on a loaded machine
WARM_UP_S = 1.0  # of simulated time: by then all have found each other


class ExamError(UserError):
    """Simulator or navigator refuse to do what the exam asks for."""


@dataclass(frozen=True, eq=False)
class Exam:
    """A scenario.

    :param world: the SDF file.
    :param scenario: start, goal and latency; every array has one row.
    :param seed: of the sensors' noise.
    """

    world: Path
    scenario: Scenarios
    seed: int

    def parameters(self) -> dict[str, Any]:
        """What the simulator has to be told."""
        start = self.scenario.start
        return {
            "world": str(self.world),
            "start": "pose",
            "start_pose": start.pose[0].tolist(),
            "mover_time_s": start.mover_time_s[0].tolist(),
            "mover_rate": start.mover_rate[0].tolist(),
            "friction": float(start.friction[0]),
            "mass": float(start.mass[0]),
            "command_delay_s": float(self.scenario.latency_s[0]),
            "seed": self.seed,
        }


@dataclass(frozen=True, eq=False)
class Answer:
    """What came of it: ``poses`` (n, 3) x, y, yaw, one a control period, the start among them."""

    poses: Array
    outcome: Outcome


@contextmanager
def examining(task: Task, robot: Model, check: Callable[[], None]) -> Iterator[Examiner]:
    """An examiner in a ROS context of its own.

    :param check: raises if simulator or navigator have died.
    """
    with undisturbed():
        examiner = Examiner(SingleThreadedExecutor(), task, robot, check)
        try:
            yield examiner
        finally:
            examiner.destroy_node()


class Examiner(WaitingNode):
    """A client of simulator and navigator that judges as the suites do, by ground truth at each control period.

    :param task: tolerance, time limit and control rate.
    :param robot: that drives.
    :param check: raises if simulator or navigator have died.
    """

    def __init__(
        self, executor: Executor, task: Task, robot: Model, check: Callable[[], None] | None = None, **node: Any
    ) -> None:
        super().__init__("examiner", executor, check, **node)
        self._task, self._period_ns = task, round(task.control_period_s * 1e9)
        self._model_in_base = inverse(base_in_model(robot))
        self._truths: list[Odometry] = []  # those that have not been looked at, and the last one that has
        self._touches, self._commands, self._resting = Touches(), 0, 0
        self._state: GoalState | None = None
        self.create_subscription(OdometryMessage, "simulator/ground_truth", self._on_truth, HISTORY)
        self.create_subscription(Contacts, "simulator/contacts", self._on_contacts, HISTORY)
        self.create_subscription(GoalStatus, "navigator/status", self._on_state, HISTORY)
        self.create_subscription(Twist, "cmd_vel", self._on_command, HISTORY)
        self._goals = self.create_publisher(PoseStamped, "goal_pose", 1)
        self._settings: Client[Any, Any] = self.create_client(SetParameters, "simulator/set_parameters")
        self._reset: Client[Any, Any] = self.create_client(Trigger, "simulator/reset")
        self._pause: Client[Any, Any] = self.create_client(SetBool, "simulator/pause")

    def warm_up(self, exam: Exam) -> None:
        """Let all find each other: drive for a moment.

        :raises TimeoutError: naming what is not there.
        """
        self.wait(self._navigator_listens, f"{self._goals.topic_name}: no navigator that takes goals", START_S)
        self._begin(exam)
        self._truth_at(self._truths[0].stamp_ns + round(WARM_UP_S * 1e9))
        self._set_paused(True)

    def examine(self, exam: Exam) -> Answer:
        """Let the navigator drive a scenario to its end.

        :raises ExamError: if the simulator refuses it.
        :raises TimeoutError: naming what falls silent.
        """
        self._begin(exam)
        begin = self._truths[0]
        poses, outcome = [self._pose(begin)], None
        while outcome is None:
            now = self._truth_at(begin.stamp_ns + len(poses) * self._period_ns)
            distance_m = math.dist(self._pose(now)[:2], exam.scenario.goal[0])
            touched = self._touches.between(begin.stamp_ns, now.stamp_ns)
            outcome = "collision" if touched else self._outcome(now, len(poses), distance_m)
            poses.append(self._pose(now))
        self._set_paused(True)
        return Answer(np.array(poses), outcome)

    def _outcome(self, now: Odometry, steps: int, distance_m: float) -> Outcome | None:
        if distance_m < self._task.goal_tolerance_m:
            return "reached"
        self._resting = self._resting + 1 if abs(now.linear[0]) < REST_MPS else 0
        if self._state is GoalState.SUCCEEDED and self._resting >= REST_STEPS:
            return "missed"
        return "time-out" if steps >= self._task.max_steps else None

    def _truth_at(self, stamp_ns: int) -> Odometry:
        """The first one of this time or later; by then all contacts up to this time are there, too."""
        self.wait(lambda: self._truths[-1].stamp_ns >= stamp_ns, "simulator/ground_truth: no more messages")
        self.wait(lambda: self._touches.complete(stamp_ns), "simulator/contacts: no more messages")
        while len(self._truths) > 1 and self._truths[0].stamp_ns < stamp_ns:
            del self._truths[0]
        return self._truths[0]

    def _pose(self, truth: Odometry) -> Pose:
        """Where the robot's model frame is."""
        return planar(truth.pose @ self._model_in_base)

    def _begin(self, exam: Exam) -> None:
        """Prepare everything while time stands still; it runs on return."""
        self._set_paused(True)
        self._give_goal(exam.scenario.goal[0])
        self._set_parameters(exam.parameters())
        self._commands = 0
        # Every reset sends the first scan anew.
        self.insist(lambda: self._start(exam), lambda: self._commands > 0, "cmd_vel: no answer to the first scan")
        self._set_paused(False)

    def _start(self, exam: Exam) -> None:
        answer = self.call(self._reset, Trigger.Request())
        if not answer.success:
            raise ExamError(f"{self._reset.srv_name}: {answer.message}")
        start = exam.scenario.start.pose[0]
        self.wait(lambda: self._is_at(start), "simulator/ground_truth: not at the start after the reset")
        self._truths, self._resting = self._truths[-1:], 0
        self._touches.begin()

    def _give_goal(self, goal: Array) -> None:
        self._state = None
        message = encode_pose_stamped(StampedPose(0, WORLD_FRAME, transform_from_planar((*goal, 0.0))))
        given, taken = partial(self._goals.publish, message), lambda: self._state is GoalState.EXECUTING
        self.insist(given, taken, "navigator/status: the goal is not taken")

    def _set_parameters(self, values: dict[str, Any]) -> None:
        told = [Parameter(name, value=value).to_parameter_msg() for name, value in values.items()]
        for name, result in zip(
            values, self.call(self._settings, SetParameters.Request(parameters=told)).results, strict=True
        ):
            if not result.successful:
                raise ExamError(f"simulator: {name}: {result.reason}")

    def _set_paused(self, paused: bool) -> None:
        self.call(self._pause, SetBool.Request(data=paused))

    def _is_at(self, start: Array) -> bool:
        return bool(self._truths) and math.dist(self._pose(self._truths[-1])[:2], start[:2]) < AT_START_M

    def _navigator_listens(self) -> bool:
        listeners = self.get_subscriptions_info_by_topic(self._goals.topic_name)
        return "navigator" in [info.node_name for info in listeners]

    def _on_truth(self, message: OdometryMessage) -> None:
        self._truths.append(decode_odometry(message))

    def _on_contacts(self, message: Contacts) -> None:
        self._touches.hear(decode_contacts(message))

    def _on_state(self, message: GoalStatus) -> None:
        self._state = decode_goal_status(message).state

    def _on_command(self, message: Twist) -> None:
        self._commands += 1
