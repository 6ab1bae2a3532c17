"""Goals of a recorded drive, in the frame of the odometry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dl_robotics.data.notes import Notes
from dl_robotics.data.series.stamped import Stamped
from dl_robotics.messages.pose import StampedPose
from dl_robotics.messages.transform import TransformData
from dl_robotics.messages.transform_buffer import TransformBuffer
from dl_robotics.messages.transform_errors import TransformException

Point = tuple[float, float]


class RecordedGoal(NamedTuple):
    """Where a robot was sent.

    :param number: counts the goals of a recording.
    :param position: x, y in m in the frame of the odometry.
    """

    number: int
    position: Point


class GoalFrames:
    """Follows goals and transforms in the order in which they were recorded, by the rules of the navigator: a goal with
    a stamp keeps the place that it has when it is first known, one without a stamp moves with its frame.

    :param goals: poses.
    :param transforms: what was heard on ``/tf_static``, and on ``/tf``; None where nothing was.
    """

    def __init__(self, goals: Stamped, transforms: Sequence[Stamped | None], notes: Notes) -> None:
        self._goals, self._notes = goals, notes
        self._buffer = TransformBuffer()
        self._heard = _merged(transforms)
        self._taken = 0
        self._kept: RecordedGoal | None = None

    def goal_at(self, received_ns: int, frame: str) -> RecordedGoal | None:
        """The goal that held at a time of the recorder's clock, which must not go back from call to call."""
        self._take(received_ns)
        number = int(np.searchsorted(self._goals.received_ns, received_ns, side="right")) - 1
        if number < 0:
            return None
        goal: StampedPose = self._goals.values[number]
        if self._kept and self._kept.number == number and goal.stamp_ns != 0:
            return self._kept
        try:
            # The newest transform: those for the goal's own stamp may be long gone.
            pose = self._buffer.lookup(frame, goal.frame_id) @ goal.pose
        except TransformException as error:
            self._notes.add("scans without a known goal", str(error))
            return None
        self._kept = RecordedGoal(number, (float(pose[0, 3]), float(pose[1, 3])))
        return self._kept

    def _take(self, received_ns: int) -> None:
        while self._taken < len(self._heard) and self._heard[self._taken][0] <= received_ns:
            _, data, is_static = self._heard[self._taken]
            self._taken += 1
            try:
                self._buffer.set_transform(data, is_static)
            except TransformException as error:
                self._notes.add("transforms that cannot be used left out", str(error))


def _merged(transforms: Sequence[Stamped | None]) -> list[tuple[int, TransformData, bool]]:
    """Time of arrival, transform, and whether it is static, in the order of arrival."""
    rows = [
        (int(received_ns), data, is_static)
        for heard, is_static in zip(transforms, (True, False), strict=True)
        if heard is not None
        for received_ns, several in zip(heard.received_ns, heard.values, strict=True)
        for data in several
    ]
    return sorted(rows, key=lambda row: row[0])
