"""The navigator as a ROS 2 node: a learned policy that drives a robot to goals.

Run it with ``ros2 run dl_robotics navigator`` or ``python -m dl_robotics.nodes.navigator``.
"""

from __future__ import annotations

import importlib.util
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from geometry_msgs.msg import PoseStamped
from nav_msgs.msg import Odometry as OdometryMessage
from rclpy.duration import Duration
from rclpy.lifecycle import LifecycleState, TransitionCallbackReturn
from sensor_msgs.msg import LaserScan

from dl_robotics.messages.diagnostics import Level
from dl_robotics.messages.goal_status import GoalState
from dl_robotics.messages.laser_scan import Scan, decode_scan
from dl_robotics.messages.odometry import Odometry, decode_odometry
from dl_robotics.messages.pose import StampedPose
from dl_robotics.messages.transform_errors import TransformException
from dl_robotics.navigation.goal_drawing import free_places
from dl_robotics.navigation.guide import Guide, LedStage
from dl_robotics.navigation.observation import resample
from dl_robotics.navigation.stage import PolicyStage, Sensed
from dl_robotics.navigation.task import ActionSpec
from dl_robotics.nodes.cmd_vel import STOP, Command, command_output
from dl_robotics.nodes.goal_status import GoalStatusTopic
from dl_robotics.nodes.goal_tracker import GoalListener, GoalTracker, Point, decode_goal
from dl_robotics.nodes.health import Silence
from dl_robotics.nodes.inputs import Input
from dl_robotics.nodes.models import load_model
from dl_robotics.nodes.run import run
from dl_robotics.nodes.stage_node import StageNode, StageParameters
from dl_robotics.nodes.transforms import listen
from dl_robotics.nodes.watchdog import Watchdog
from dl_robotics.ops.geometry import Array, planar, transform_from_planar
from dl_robotics.parameters import parameter

EARLY = 0.1  # of a control period, by which a scan may come early and still count
FAREWELL = Duration(nanoseconds=200_000_000)  # for the last stop to reach the robot


@dataclass(frozen=True)
class NavigatorParameters(StageParameters):
    """Parameters of the navigator."""

    stamped_cmd_vel: bool = parameter(False, "Whether cmd_vel is a TwistStamped rather than a Twist.", read_only=True)
    map: str = parameter(
        "",
        "A world, an SDF file with a robot or the name of one in config/worlds: the policy is led past what stands "
        "there. Empty: it knows what it senses.",
        read_only=True,
    )
    map_frame: str = parameter("world", "Frame of the map.", read_only=True)
    input_timeout_s: float = parameter(
        0.2, "The robot stops if scan or odometry are missing or older than this.", low=0.02, high=600.0, read_only=True
    )


class _BlockedError(Exception):
    """Why no command can be given now."""


class Navigator(StageNode[NavigatorParameters, PolicyStage, Scan]):
    """Each scan, at the rate of the policy's task, becomes one command; without a goal there are none.

    When the parameter ``model`` is set, another policy drives on from the next scan; one that cannot be is refused.
    """

    _next: PolicyStage | None = None  # what is to drive as soon as the parameters say so

    def __init__(self, **node: Any) -> None:
        super().__init__("navigator", NavigatorParameters, load_policy, **node)
        self.goals = GoalTracker(math.inf)
        self.scans = Input(self, "scan", LaserScan, decode_scan, self._on_scan)
        self.odometries = Input(self, "odom", OdometryMessage, decode_odometry, self._on_odometry)
        self.goal_poses = Input(self, "goal_pose", PoseStamped, decode_goal, self.pursue, reliable=True, optional=True)
        self.commands = command_output(self, self.parameters.value.stamped_cmd_vel)
        self.inputs = [self.scans, self.odometries, self.goal_poses]
        self.outputs = [self.commands]
        self._status = GoalStatusTopic(self)
        self._transforms = listen(self)
        self._odometry: Odometry | None = None
        self._controlled_ns: int | None = None
        self._watchdog: Watchdog | None = None
        if importlib.util.find_spec("nav2_msgs"):
            action = importlib.import_module("dl_robotics.nodes.navigate_action")
            self._action = action.NavigateAction(self, self)
        else:
            self.get_logger().info("nav2_msgs is not installed: goals come on goal_pose alone, not as an action")

    @property
    def odometry_frame(self) -> str:
        """The frame in which the robot's position is given; empty before any odometry."""
        return self._odometry.frame_id if self._odometry else ""

    def pursue(self, goal: StampedPose, listener: GoalListener | None = None) -> None:
        """Drive to this goal from now on; ``listener`` is told how it goes."""
        self._controlled_ns = None  # the next scan is answered
        self.goals.accept(goal, self._status.listener(goal, listener), self._now_ns())
        self._status.begin(goal)
        if self.stage is not None:
            self.stage.reset()

    def cancel(self, reason: str) -> None:
        """Stop, and give the goal up because someone asked for it."""
        self.halt()
        self.goals.end(GoalState.CANCELED, reason)

    def silent(self) -> str:
        """Which input has stopped, and for how long; empty if none has."""
        return self._watchdog.silence if self._watchdog else ""

    def process(self, stage: PolicyStage, frame: Scan) -> Silence | None:
        """Publish the command that answers a scan, or stop."""
        beams = stage.task.lidar.beams
        ranges = resample(frame, beams, narrower=True)  # a lidar that does not fit is told before there is a goal
        if blind := int(np.isnan(ranges).sum()):
            told = f"{blind} of the policy's {len(ranges)} beams are out of its sight, and known by memory alone"
            self.get_logger().warning(f"{self.scans.topic}: {told}", once=True)
        goal = self.goals.goal
        if goal is None:
            return Silence("no goal", Level.OK)
        try:
            command = self._decide(stage, frame, ranges, goal)
        except _BlockedError as blocked:
            return Silence(str(blocked))
        self._send(command, frame.stamp_ns)
        return None

    def accept(self, told: NavigatorParameters) -> None:
        """Load another model.

        :raises ModelError: if it cannot be loaded.
        """
        self._next = None
        if self.stage is not None and told.place != self.parameters.value.place:
            self._next = load_model(load_policy, told)
            warm_up(self._next)

    def told(self, names: frozenset[str]) -> None:
        """Let it drive."""
        if self._next is not None:
            self.stage, self._next = self._next, None
            self.goals.tolerance_m = self.stage.task.goal_tolerance_m
            self.get_logger().info(f"loaded {self.parameters.value.place}")

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Load the policy, and with it the task."""
        result = super().on_configure(state)
        if self.stage is not None:
            self.goals = GoalTracker(self.stage.task.goal_tolerance_m)
            warm_up(self.stage)
        return result

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Listen, and watch that something is heard."""
        self._odometry = self._controlled_ns = None
        watched = (self.scans.topic, self.odometries.topic)
        self._watchdog = Watchdog(self, watched, self.parameters.value.input_timeout_s, self._on_silence)
        return super().on_activate(state)

    def rest(self) -> None:
        """Stop the robot and give the goal up."""
        super().rest()
        if self._watchdog:
            self._watchdog.stop()
        self.goals.end(GoalState.ABORTED, "the navigator was deactivated")
        self._send(STOP, self._now_ns())
        self.commands.publisher.wait_for_all_acked(FAREWELL)

    def _on_odometry(self, odometry: Odometry) -> None:
        self._odometry = odometry
        self._feed_watchdog(self.odometries, odometry.stamp_ns)

    def _on_scan(self, scan: Scan) -> None:
        self._feed_watchdog(self.scans, scan.stamp_ns)
        if self._is_due(scan.stamp_ns):
            self._controlled_ns = scan.stamp_ns
            self.receive(scan)

    def _is_due(self, stamp_ns: int) -> bool:
        """Whether a control period is over; always after a jump of time."""
        if self.stage is None or self._controlled_ns is None:
            return True
        elapsed_s = (stamp_ns - self._controlled_ns) * 1e-9
        return not 0.0 <= elapsed_s < (1.0 - EARLY) * self.stage.task.control_period_s

    def _feed_watchdog(self, source: Input[Any], stamp_ns: int) -> None:
        if self._watchdog:
            self._watchdog.feed(source.topic, stamp_ns)

    def _on_silence(self) -> None:
        self.blocked = Silence(self.silent())
        self.halt()

    def _decide(self, stage: PolicyStage, scan: Scan, ranges: Array, goal: StampedPose) -> Command:
        """The command for what is sensed now; STOP at the goal.

        :param ranges: of the scan, along the task's beams.
        :raises _BlockedError: if there is none.
        """
        if reason := self.silent():
            raise _BlockedError(reason)
        self._check_age(self.scans.topic, scan.stamp_ns, self._now_ns())
        if self._odometry is None:
            raise _BlockedError(f"no message on {self.odometries.topic}")
        odometry = self._odometry
        self._check_age(self.odometries.topic, odometry.stamp_ns, scan.stamp_ns)
        target = self._locate(goal, odometry.frame_id)
        pose = planar(odometry.pose)
        if not self.goals.update(pose[:2], self._now_ns()):
            stage.reset()
            return STOP
        velocity = float(odometry.linear[0]), float(odometry.angular[2])
        if self.parameters.value.map:
            pose, target = self._on_map(odometry, target)
        return limited(stage(Sensed(ranges, pose, velocity, target)), stage.task.action)

    def _on_map(self, odometry: Odometry, target: Point) -> tuple[tuple[float, float, float], Point]:
        """Where the robot and its goal are on the map."""
        frame = self.parameters.value.map_frame
        try:
            to_map = self._transforms.lookup(frame, odometry.frame_id)
        except TransformException as error:
            raise _BlockedError(f"no transform {odometry.frame_id}->{frame}: {error}") from error
        x, y, _ = planar(to_map @ transform_from_planar((*target, 0.0)))
        return planar(to_map @ odometry.pose), (x, y)

    def _check_age(self, topic: str, stamp_ns: int, now_ns: int) -> None:
        age_s = (now_ns - stamp_ns) * 1e-9
        if age_s > self.parameters.value.input_timeout_s:
            raise _BlockedError(f"stale stamp on {topic}: {age_s:.2f} s old")
        if age_s < -self.parameters.value.input_timeout_s:
            raise _BlockedError(f"stamp on {topic} lies {-age_s:.2f} s in the future; check use_sim_time and /clock")

    def _locate(self, goal: StampedPose, frame: str) -> Point:
        """Where the goal lies in the frame of the odometry; one without a stamp is followed as its frame moves."""
        if self.goals.position is not None and goal.stamp_ns != 0:
            return self.goals.position
        try:
            return self.goals.locate(self._transforms.lookup(frame, goal.frame_id, goal.stamp_ns) @ goal.pose)
        except TransformException as error:
            raise _BlockedError(f"no transform {goal.frame_id}->{frame}: {error}") from error

    def halt(self) -> None:
        """Stop the robot if it is ours to drive."""
        if self.goals.goal is not None:
            self._send(STOP, self._now_ns())
        if self.stage is not None:
            self.stage.reset()

    def _send(self, command: Command, stamp_ns: int) -> None:
        frame = self._odometry.child_frame_id if self._odometry else ""
        self.commands(stamp_ns, frame, command)

    def _now_ns(self) -> int:
        return self.get_clock().now().nanoseconds


def load_policy(told: NavigatorParameters) -> PolicyStage:
    """The policy that the parameters name, with its map."""
    stage = PolicyStage.load(told.model, told.device)
    return LedStage(stage, Guide(free_places(told.map, "", stage.task))) if told.map else stage


def warm_up(stage: PolicyStage) -> None:
    """Let compilers and caches do now what would keep the first scan waiting."""
    stage(Sensed(np.ones(stage.task.lidar.count), (0.0, 0.0, 0.0), STOP, (1.0, 0.0)))
    stage.reset()


def limited(command: Command, limits: ActionSpec) -> Command:
    """A command within the limits of a task.

    :raises ValueError: for one that is not finite.
    """
    if not all(map(math.isfinite, command)):
        raise ValueError(f"command: expected finite numbers from the policy, got {command}")
    (slowest, fastest), (rightmost, leftmost) = limits.linear_mps, limits.angular_radps
    return min(max(command[0], slowest), fastest), min(max(command[1], rightmost), leftmost)


def main(args: Sequence[str] | None = None) -> int:
    """Run the node until it is told to end."""
    return run(Navigator, args)


if __name__ == "__main__":
    sys.exit(main())
