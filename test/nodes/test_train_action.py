"""Training as an action."""

import math
from pathlib import Path
from uuid import uuid4

import pytest
from action_msgs.msg import GoalInfo, GoalStatus
from action_msgs.srv import CancelGoal
from rclpy.action.client import ActionClient, ClientGoalHandle
from rig import Rig
from tiny_masks import save_recipe
from unique_identifier_msgs.msg import UUID

from dl_robotics import checkpoint
from dl_robotics.nodes.trainer import Trainer
from dl_robotics.training.supervised import BEST, STATE

Train = pytest.importorskip("dl_robotics_interfaces.action", reason="the interface package is not built here").Train
LIMIT_S = 60.0


class Client:
    """An action client and what it is told."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.client = ActionClient(rig.client, Train, "trainer/train")
        rig.until(self.client.server_is_ready, "the action's server")
        self.feedback: list[Train.Feedback] = []

    def send(self, recipe: Path | str = "", output: Path | str = "", resume: bool = False) -> ClientGoalHandle:
        goal = Train.Goal(recipe=str(recipe), output=str(output), resume=resume)
        future = self.client.send_goal_async(goal, lambda message: self.feedback.append(message.feedback))
        self.rig.until(future.done, "an answer to the goal")
        return future.result()

    def send_and_cancel(self, recipe: Path, output: Path) -> str:
        """What becomes of a goal that is cancelled at once: both requests wait for the server when it looks."""
        canceller = self.rig.client.create_client(CancelGoal, "trainer/train/_action/cancel_goal")
        self.rig.until(canceller.service_is_ready, "the service")
        goal_id = UUID(uuid=list(uuid4().bytes))
        sent = self.client.send_goal_async(Train.Goal(recipe=str(recipe), output=str(output)), goal_uuid=goal_id)
        cancelled = canceller.call_async(CancelGoal.Request(goal_info=GoalInfo(goal_id=goal_id)))
        self.rig.until(lambda: sent.done() and cancelled.done(), "both answers")
        handle = sent.result()
        if not cancelled.result().goals_canceling:  # it was seen before the goal
            self.rig.until(handle.cancel_goal_async().done, "an answer to another cancel request")
        self.rig.client.destroy_client(canceller)
        answer = self.result(handle)
        assert answer.status == GoalStatus.STATUS_CANCELED
        return answer.result.message

    def result(self, handle: ClientGoalHandle) -> object:
        future = handle.get_result_async()
        self.rig.until(future.done, "the result", LIMIT_S)
        return future.result()


@pytest.fixture
def trainer(rig: Rig) -> Trainer:
    trainer = rig.start(Trainer, autostart=True)
    rig.until(lambda: trainer.active, "the trainer to start")
    return trainer


def test_a_goal_gives_feedback_and_succeeds(rig: Rig, trainer: Trainer, recipe: Path, tmp_path: Path) -> None:
    client = Client(rig)
    handle = client.send(recipe, tmp_path / "run")
    assert handle.accepted
    answer = client.result(handle)
    assert answer.status == GoalStatus.STATUS_SUCCEEDED
    assert answer.result.success
    assert answer.result.checkpoint == str(tmp_path / "run" / BEST)
    assert answer.result.score == pytest.approx(checkpoint.load(answer.result.checkpoint).metrics["miou"])
    last = client.feedback[-1]
    assert (last.step, last.total, last.remaining_s) == (12, 12, 0.0)
    assert last.score == answer.result.score


def test_a_cancelled_goal_is_saved_and_can_be_resumed(
    rig: Rig, trainer: Trainer, endless: Path, tmp_path: Path
) -> None:
    client = Client(rig)
    handle = client.send(endless, tmp_path / "run")
    rig.until(lambda: client.feedback, "feedback", LIMIT_S)
    future = handle.cancel_goal_async()
    rig.until(future.done, "an answer to the cancel request")
    answer = client.result(handle)
    assert answer.status == GoalStatus.STATUS_CANCELED
    assert not answer.result.success
    assert "stopped, and can be resumed" in answer.result.message
    assert (answer.result.checkpoint, math.isnan(answer.result.score)) == ("", True)
    stopped = checkpoint.load(tmp_path / "run" / STATE).config["counters"]["step"]

    client.feedback.clear()
    handle = client.send(endless, tmp_path / "run", resume=True)
    rig.until(lambda: client.feedback, "feedback", LIMIT_S)
    assert client.feedback[0].step > stopped
    trainer.trigger_deactivate()
    assert client.result(handle).status == GoalStatus.STATUS_ABORTED


def test_a_goal_that_is_cancelled_before_it_begins_never_does(
    rig: Rig, trainer: Trainer, endless: Path, tmp_path: Path
) -> None:
    client, tried = Client(rig), 0
    while client.send_and_cancel(endless, tmp_path / f"run{tried}") != "cancelled before it had begun":
        tried += 1
        assert tried < 5  # the server may see the goal alone first
    assert not (tmp_path / f"run{tried}").exists()


def test_a_run_that_fails_tells_why(rig: Rig, trainer: Trainer, tmp_path: Path) -> None:
    client = Client(rig)
    handle = client.send(save_recipe(tmp_path / "recipe.yaml", tmp_path / "nowhere"), tmp_path / "run")
    answer = client.result(handle)
    assert answer.status == GoalStatus.STATUS_ABORTED
    assert "nowhere: expected a bag or a folder" in answer.result.message


def test_goals_that_cannot_be_followed_are_rejected(
    rig: Rig, trainer: Trainer, recipe: Path, endless: Path, tmp_path: Path
) -> None:
    client = Client(rig)
    assert not client.send(tmp_path / "no.yaml", tmp_path / "run").accepted
    assert not client.send(recipe).accepted  # nowhere to write to
    assert client.send(endless, tmp_path / "run").accepted
    assert not client.send(recipe, tmp_path / "other").accepted  # one at a time
    trainer.trigger_deactivate()
    assert not client.send(recipe, tmp_path / "other").accepted
