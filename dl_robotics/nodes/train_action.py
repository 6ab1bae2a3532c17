"""Training on request, as the action ``~/train``; needs dl_robotics_interfaces."""

from __future__ import annotations

import math
from typing import Any, Protocol

from dl_robotics_interfaces.action import Train
from rclpy.action.server import ActionServer, CancelResponse, GoalResponse, ServerGoalHandle
from rclpy.node import Node
from rclpy.task import Future

from dl_robotics.config import require
from dl_robotics.errors import UserError
from dl_robotics.messages.train_action import decode_goal, encode_feedback, encode_result
from dl_robotics.nodes.training_thread import Ended, TrainingThread
from dl_robotics.training.listener import RunProgress

Handle = ServerGoalHandle[Any, Any, Any]
NEVER_BEGUN = Ended(False, "cancelled before it had begun", "", math.nan)


class Trains(Protocol):
    """Who trains."""

    def check_request(self, recipe: str, output: str) -> None:
        """Refuse a request that cannot be followed now.

        :raises UserError: with the reason.
        """

    def follow(self, recipe: str, output: str, resume: bool) -> TrainingThread:
        """Begin to train."""


class TrainAction:
    """Serves the action, one goal at a time."""

    def __init__(self, node: Node, trainer: Trains) -> None:
        self._node, self._trainer = node, trainer
        self._handle: Handle | None = None
        self._run: TrainingThread | None = None
        self._accepted = False  # a goal that has not begun
        self._over: Future[None] = Future()
        self._how = Ended(False, "", "", math.nan)
        self._server: ActionServer[Any, Any, Any] = ActionServer(
            node, Train, "~/train", self._execute, goal_callback=self._answer, cancel_callback=self._cancel
        )

    def progressed(self, progress: RunProgress) -> None:
        """Tell the client, if there is one."""
        if self._handle:
            self._handle.publish_feedback(encode_feedback(*progress))

    def ended(self, how: Ended) -> None:
        """Tell the client, if there is one, that it is over."""
        if self._handle and not self._over.done():
            self._how = how
            self._over.set_result(None)

    def _answer(self, request: Any) -> GoalResponse:
        goal = decode_goal(request)
        try:
            require(not self._accepted, "trainer", "nothing else to be trained", "a goal while another is to begin")
            self._trainer.check_request(goal.recipe, goal.output)
        except UserError as error:
            self._node.get_logger().warning(f"goal rejected: {error}")
            return GoalResponse.REJECT
        self._accepted = True
        return GoalResponse.ACCEPT

    def _cancel(self, handle: Handle) -> CancelResponse:
        if self._run and self._handle and handle.goal_id == self._handle.goal_id:
            self._run.ask_to_stop()
        return CancelResponse.ACCEPT

    async def _execute(self, handle: Handle) -> Any:
        self._accepted = False
        # A client may change its mind, and the node come to rest, after the goal was accepted.
        how = NEVER_BEGUN if handle.is_cancel_requested else await self._train(handle)
        if how.success:
            handle.succeed()
        elif handle.is_cancel_requested:
            handle.canceled()
        else:
            handle.abort()
        return encode_result(*how)

    async def _train(self, handle: Handle) -> Ended:
        goal = decode_goal(handle.request)
        try:
            self._trainer.check_request(goal.recipe, goal.output)
        except UserError as error:
            return Ended(False, f"not begun: {error}", "", math.nan)
        self._over, self._handle = Future(), handle
        self._run = self._trainer.follow(*goal)
        await self._over
        self._handle = self._run = None
        return self._how
