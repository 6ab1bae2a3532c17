"""Tells everyone how goals go, on ``~/status``, whoever gave them."""

from __future__ import annotations

from dataclasses import dataclass

from action_msgs.msg import GoalStatus
from rclpy.node import Node

from dl_robotics.messages.goal_status import GoalReport, GoalState, encode_goal_status
from dl_robotics.messages.pose import StampedPose
from dl_robotics.nodes.goal_tracker import GoalListener, Progress
from dl_robotics.nodes.outputs import LATCHED, Output


@dataclass(frozen=True)
class _Announced:
    """A goal's listener that publishes its end and passes everything on to the one who gave the goal."""

    desk: GoalStatusTopic
    goal: StampedPose
    listener: GoalListener | None

    def progressed(self, progress: Progress) -> None:
        if self.listener:
            self.listener.progressed(progress)

    def ended(self, state: GoalState, reason: str) -> None:
        self.desk.tell(self.goal, state, reason)
        if self.listener:
            self.listener.ended(state, reason)


class GoalStatusTopic:
    """Publishes an ``action_msgs/GoalStatus`` when a goal begins and when it ends; its stamp is the goal's."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._output = Output(node, "~/status", GoalStatus, encode_goal_status, LATCHED)

    def listener(self, goal: StampedPose, listener: GoalListener | None) -> GoalListener:
        """One that publishes the goal's end and passes everything on to ``listener``, if there is one."""
        return _Announced(self, goal, listener)

    def begin(self, goal: StampedPose) -> None:
        """Tell of a new goal."""
        x, y = goal.pose[:2, 3]
        self.tell(goal, GoalState.EXECUTING, f"x {x:.3f} m, y {y:.3f} m in {goal.frame_id!r}")

    def tell(self, goal: StampedPose, state: GoalState, reason: str) -> None:
        """Publish and log a state."""
        self._output(GoalReport(goal.stamp_ns, state))
        self._node.get_logger().info(f"goal {state.name.lower()}: {reason}")
