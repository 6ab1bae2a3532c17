"""How a goal is doing: ``action_msgs/GoalStatus``."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

from action_msgs.msg import GoalInfo, GoalStatus

from dl_robotics.messages.errors import check
from dl_robotics.messages.header import decode_stamp, encode_stamp


class GoalState(IntEnum):
    """The states of a goal that anyone is told of."""

    EXECUTING = GoalStatus.STATUS_EXECUTING
    SUCCEEDED = GoalStatus.STATUS_SUCCEEDED
    CANCELED = GoalStatus.STATUS_CANCELED
    ABORTED = GoalStatus.STATUS_ABORTED


class GoalReport(NamedTuple):
    """The state of the goal that was given with the stamp ``stamp_ns``."""

    stamp_ns: int
    state: GoalState


def decode_goal_status(message: Any) -> GoalReport:
    """Read a ``GoalStatus``.

    :raises MessageError: for a state that is none of :class:`GoalState`.
    """
    check(message.status in tuple(GoalState), "status", f"one of {[int(s) for s in GoalState]}", message.status)
    return GoalReport(decode_stamp(message.goal_info.stamp, "goal_info.stamp"), GoalState(message.status))


def encode_goal_status(report: GoalReport) -> GoalStatus:
    """The ``GoalStatus`` of a goal that no action client gave: its id stays 0, its stamp tells it apart."""
    return GoalStatus(goal_info=GoalInfo(stamp=encode_stamp(report.stamp_ns)), status=int(report.state))
