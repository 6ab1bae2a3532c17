"""What people are doing: ``vision_msgs/Detection2DArray``, a person's box, track, and hypotheses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from std_msgs.msg import Header
from vision_msgs.msg import Detection2DArray

from dl_robotics.messages.detections import Hypothesis, decode_objects, encode_objects
from dl_robotics.messages.errors import check
from dl_robotics.messages.header import decode_header
from dl_robotics.ops.activities import Activities

MOST_HYPOTHESES = 5  # of a person


class PersonActivity(NamedTuple):
    """One person.

    :param person: the number of their track.
    :param box: (4,) float32 corners in pixels.
    :param scores: of activities by class id, the likeliest first; class 0 is unknown.
    """

    person: int
    box: npt.NDArray[np.float32]
    scores: dict[int, float]

    @property
    def label(self) -> int:
        """Class id of the likeliest activity."""
        return max(self.scores, key=self.scores.__getitem__)


class StampedActivities(NamedTuple):
    """People, and the stamp and frame of what they were seen in."""

    stamp_ns: int
    frame_id: str
    people: tuple[PersonActivity, ...]


def decode_activities(message: Any) -> StampedActivities:
    """Read a ``vision_msgs/Detection2DArray`` as :func:`encode_activities` writes it.

    :raises MessageError: naming the field, for classes and tracks that are no numbers, and as
        :func:`~dl_robotics.messages.detections.decode_objects` does.
    """
    objects = decode_objects(message)
    tracks = objects.ids or ("",) * len(objects.classes)
    people = [
        PersonActivity(_number(track, f"detections[{row}].id"), box, _scores(one.results, f"detections[{row}]"))
        for row, (track, box, one) in enumerate(zip(tracks, objects.boxes, message.detections, strict=True))
    ]
    return StampedActivities(*decode_header(message.header), tuple(people))


def encode_activities(activities: Activities, header: Header) -> Detection2DArray:
    """The ``vision_msgs/Detection2DArray`` of people: class ids in decimal, at most five of them, the likeliest first.

    Where the activity is unknown, that is the only hypothesis.

    :param header: that of the frame; the message and every person in it carry it.
    :raises MessageError: for boxes and scores that are none.
    """
    rows = zip(activities.labels.tolist(), activities.scores.tolist(), activities.probabilities, strict=True)
    hypotheses = [_hypotheses(*row) for row in rows]
    tracks = [str(number) for number in activities.persons.tolist()]
    return encode_objects(activities.boxes, hypotheses, tracks, header)


def _hypotheses(label: int, score: float, probabilities: npt.NDArray[np.float32]) -> list[Hypothesis]:
    if label == 0:
        return [("0", score)]
    best = np.argsort(-probabilities, kind="stable")[:MOST_HYPOTHESES]
    return [(str(1 + row), float(probabilities[row])) for row in best.tolist()]


def _scores(results: Sequence[Any], where: str) -> dict[int, float]:
    scores: dict[int, float] = {}
    for index, result in enumerate(results):
        field, guess = f"{where}.results[{index}].hypothesis", result.hypothesis
        check(0.0 <= guess.score <= 1.0, f"{field}.score", "a number in [0, 1]", guess.score)
        scores[_number(guess.class_id, f"{field}.class_id")] = float(guess.score)
    return scores


def _number(text: str, field: str) -> int:
    check(text.isdecimal() and len(text) <= 10, field, "a number", text)
    return int(text)
