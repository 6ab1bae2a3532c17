"""One goal at a time: accepted, followed, ended exactly once. Knows nothing of ROS."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol

from dl_robotics.messages.errors import check
from dl_robotics.messages.goal_status import GoalState
from dl_robotics.messages.pose import StampedPose, decode_pose_stamped
from dl_robotics.ops.geometry import Array

Point = tuple[float, float]


def decode_goal(message: Any) -> StampedPose:
    """Read a ``geometry_msgs/PoseStamped`` that says where to drive.

    :raises MessageError: for a pose that cannot be, or one in no frame.
    """
    goal = decode_pose_stamped(message)
    check(bool(goal.frame_id), "header.frame_id", "the name of a frame", goal.frame_id)
    return goal


@dataclass(frozen=True)
class Progress:
    """How far a goal is.

    :param position: x, y in m of the robot, in the frame of the odometry.
    :param distance_m: to the goal, as the crow flies.
    :param elapsed_s: since the goal was accepted.
    :param remaining_s: at the mean speed of approach so far; inf before the robot has come nearer.
    """

    position: Point
    distance_m: float
    elapsed_s: float
    remaining_s: float


class GoalListener(Protocol):
    """Who asked for a goal, and is told how it goes."""

    def progressed(self, progress: Progress) -> None:
        """Called once per control period while the robot drives."""

    def ended(self, state: GoalState, reason: str) -> None:
        """Called once; ``reason`` is a sentence for people."""


@dataclass
class _Pursuit:
    """A goal being followed; ``position`` once it is known in the frame of the odometry."""

    goal: StampedPose
    listener: GoalListener
    accepted_ns: int
    position: Point | None = None
    first_distance_m: float | None = None


class GoalTracker:
    """Follows the newest goal.

    :param tolerance_m: a goal nearer than this is reached.
    """

    def __init__(self, tolerance_m: float) -> None:
        self.tolerance_m = tolerance_m
        self._pursuit: _Pursuit | None = None

    @property
    def goal(self) -> StampedPose | None:
        """The goal being followed, as it was given."""
        return self._pursuit.goal if self._pursuit else None

    @property
    def position(self) -> Point | None:
        """Where the goal lies in the frame of the odometry; None until :meth:`locate`."""
        return self._pursuit.position if self._pursuit else None

    def accept(self, goal: StampedPose, listener: GoalListener, now_ns: int) -> None:
        """Follow this goal from now on; one that is still being followed is aborted."""
        self.end(GoalState.ABORTED, "replaced by a newer goal")
        self._pursuit = _Pursuit(goal, listener, now_ns)

    def locate(self, pose: Array) -> Point:
        """Tell where the goal lies: its (4, 4) pose in the frame of the odometry."""
        position = (float(pose[0, 3]), float(pose[1, 3]))
        if self._pursuit:
            self._pursuit.position = position
        return position

    def update(self, position: Point, now_ns: int) -> bool:
        """Follow the robot's position, in the frame of the odometry.

        :returns: whether to drive on; False without a located goal, and at the goal, which ends here.
        """
        pursuit = self._pursuit
        if pursuit is None or pursuit.position is None:
            return False
        distance_m = math.dist(position, pursuit.position)
        pursuit.first_distance_m = pursuit.first_distance_m or distance_m
        if distance_m <= self.tolerance_m:
            self.end(GoalState.SUCCEEDED, f"arrived within {distance_m:.3f} m")
            return False
        elapsed_s = (now_ns - pursuit.accepted_ns) * 1e-9
        approached_m = pursuit.first_distance_m - distance_m
        remaining_s = distance_m * elapsed_s / approached_m if approached_m > 0.0 else math.inf
        pursuit.listener.progressed(Progress(position, distance_m, elapsed_s, remaining_s))
        return True

    def end(self, state: GoalState, reason: str) -> None:
        """End the goal, if there is one, and tell who asked for it."""
        if self._pursuit:
            listener, self._pursuit = self._pursuit.listener, None
            listener.ended(state, reason)
