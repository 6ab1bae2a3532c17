"""Goals as the action ``navigate_to_pose``, with feedback, cancel and result; needs nav2_msgs."""

from __future__ import annotations

from typing import Any, Protocol

from nav2_msgs.action import NavigateToPose
from rclpy.action.server import ActionServer, CancelResponse, GoalResponse, ServerGoalHandle
from rclpy.node import Node
from rclpy.task import Future

from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.goal_status import GoalState
from dl_robotics.messages.navigate_to_pose import DriveFeedback, encode_feedback, encode_result
from dl_robotics.messages.pose import StampedPose
from dl_robotics.nodes.goal_tracker import GoalListener, Progress, decode_goal
from dl_robotics.ops.geometry import transform_from_planar

Handle = ServerGoalHandle[Any, Any, Any]


class Driver(Protocol):
    """Who drives to the goals."""

    active: bool

    @property
    def odometry_frame(self) -> str:
        """The frame in which the robot's position is given."""

    def pursue(self, goal: StampedPose, listener: GoalListener | None = None) -> None:
        """Drive to this goal from now on."""

    def cancel(self, reason: str) -> None:
        """Stop and give the goal up."""


class _Client:
    """A client of the action, told by feedback while the robot drives; when it is over, ``over`` is done."""

    def __init__(self, node: Node, driver: Driver, handle: Handle) -> None:
        self._node, self._driver, self.handle = node, driver, handle
        self.state, self.reason = GoalState.EXECUTING, ""
        self.over: Future[None] = Future()

    def progressed(self, progress: Progress) -> None:
        pose = transform_from_planar((*progress.position, 0.0))
        here = StampedPose(self._node.get_clock().now().nanoseconds, self._driver.odometry_frame, pose)
        feedback = DriveFeedback(here, progress.elapsed_s, progress.remaining_s, progress.distance_m)
        self.handle.publish_feedback(encode_feedback(feedback))

    def ended(self, state: GoalState, reason: str) -> None:
        self.state, self.reason = state, reason
        self.over.set_result(None)


class NavigateAction:
    """Serves the action beside the topic ``goal_pose``: the newest goal of either counts."""

    def __init__(self, node: Node, driver: Driver) -> None:
        self._node, self._driver = node, driver
        self._client: _Client | None = None
        self._server: ActionServer[Any, Any, Any] = ActionServer(
            node,
            NavigateToPose,
            "navigate_to_pose",
            self._execute,
            goal_callback=self._answer,
            cancel_callback=self._cancel,
        )

    def _answer(self, request: Any) -> GoalResponse:
        try:
            decode_goal(request.pose)
        except MessageError as error:
            return self._reject(str(error))
        return GoalResponse.ACCEPT if self._driver.active else self._reject("the navigator is not active")

    def _reject(self, reason: str) -> GoalResponse:
        self._node.get_logger().warning(f"goal of an action rejected: {reason}")
        return GoalResponse.REJECT

    def _cancel(self, handle: Handle) -> CancelResponse:
        client = self._client
        if client and client.handle.goal_id == handle.goal_id and not client.over.done():
            self._driver.cancel("the client of the action cancelled it")
        return CancelResponse.ACCEPT

    async def _execute(self, handle: Handle) -> Any:
        self._client = client = _Client(self._node, self._driver, handle)
        self._driver.pursue(decode_goal(handle.request.pose), client)
        await client.over
        if client.state is GoalState.SUCCEEDED:
            handle.succeed()
            return encode_result()
        if client.state is GoalState.CANCELED:
            handle.canceled()
        else:
            handle.abort()
        return encode_result(client.reason)
