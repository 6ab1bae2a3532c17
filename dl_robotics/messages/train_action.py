"""Training as an action: ``dl_robotics_interfaces/Train``, where that package is installed."""

from __future__ import annotations

from typing import Any, NamedTuple

from dl_robotics_interfaces.action import Train


class TrainGoal(NamedTuple):
    """What is to be trained; an empty text means the trainer's own parameter.

    :param recipe: path of a recipe.
    :param output: folder of the run.
    :param resume: go on with the run in that folder.
    """

    recipe: str
    output: str
    resume: bool


def decode_goal(message: Any) -> TrainGoal:
    """Read the action's goal."""
    return TrainGoal(str(message.recipe), str(message.output), bool(message.resume))


def encode_feedback(step: int, total: int, loss: float, score: float, remaining_s: float) -> Any:
    """The action's feedback."""
    return Train.Feedback(
        step=int(step), total=int(total), loss=float(loss), score=float(score), remaining_s=float(remaining_s)
    )


def encode_result(success: bool, message: str, checkpoint: str, score: float) -> Any:
    """The action's result.

    :param success: whether the training came to its end.
    :param checkpoint: path of the best one, or empty.
    """
    return Train.Result(success=bool(success), message=message, checkpoint=checkpoint, score=float(score))
