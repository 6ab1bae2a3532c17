"""A drive to a goal as an action: ``nav2_msgs/NavigateToPose``, where that package is installed.

Its fields grew over the distributions: what a version does not have is left out.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from builtin_interfaces.msg import Duration
from nav2_msgs.action import NavigateToPose

from dl_robotics.messages.header import encode_stamp
from dl_robotics.messages.pose import StampedPose, encode_pose_stamped

UNKNOWN_ERROR = 9000  # NavigateToPose.Result.UNKNOWN, where it is defined


class DriveFeedback(NamedTuple):
    """How a drive goes; ``remaining_s`` may be inf."""

    pose: StampedPose
    elapsed_s: float
    remaining_s: float
    distance_m: float


def encode_feedback(feedback: DriveFeedback) -> Any:
    """The action's feedback; an unknown remaining time is 0."""
    remaining_s = feedback.remaining_s if math.isfinite(feedback.remaining_s) else 0.0
    return NavigateToPose.Feedback(
        current_pose=encode_pose_stamped(feedback.pose),
        navigation_time=_duration(feedback.elapsed_s),
        estimated_time_remaining=_duration(remaining_s),
        distance_remaining=float(feedback.distance_m),
    )


def encode_result(error: str = "") -> Any:
    """The action's result; without an error it is that of a success."""
    result = NavigateToPose.Result()
    known = result.get_fields_and_field_types()
    if error and "error_code" in known:
        result.error_code = UNKNOWN_ERROR
    if error and "error_msg" in known:
        result.error_msg = error
    return result


def _duration(seconds: float) -> Duration:
    stamp = encode_stamp(round(seconds * 1e9))
    return Duration(sec=stamp.sec, nanosec=stamp.nanosec)
