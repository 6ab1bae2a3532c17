"""Activities as messages."""

import numpy as np
import pytest

from dl_robotics.messages.activities import decode_activities, encode_activities
from dl_robotics.messages.detections import decode_objects
from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.header import encode_header
from dl_robotics.ops.activities import Activities
from dl_robotics.ops.skeletons import Skeletons

HEADER = encode_header(3_000_000_007, "camera")
BOXES = np.array([[10.0, 20.0, 50.0, 120.0], [200.0, 30.0, 240.0, 150.0], [0.0, 0.0, 0.0, 0.0]], np.float32)


def activities(num_classes: int = 3) -> Activities:
    """Of three people: one walks, one may do this or that, one was not seen for long enough."""
    probabilities = np.zeros((3, num_classes), np.float32)
    probabilities[0, :3], probabilities[1, :3] = (0.1, 0.7, 0.2), (0.4, 0.3, 0.3)
    skeletons = Skeletons(
        np.zeros((3, 17, 3), np.float32), np.ones((3, 17), np.float32), np.array([12, 3, 4_000_000_000])
    )
    return Activities(skeletons, BOXES, np.array([2, 0, 0]), probabilities)


def test_a_round_trip() -> None:
    read = decode_activities(encode_activities(activities(), HEADER))
    assert (read.stamp_ns, read.frame_id) == (3_000_000_007, "camera")
    assert [one.person for one in read.people] == [12, 3, 4_000_000_000]
    np.testing.assert_allclose([one.box for one in read.people], BOXES)
    assert [one.label for one in read.people] == [2, 0, 0]
    assert list(read.people[0].scores) == [2, 3, 1]
    assert list(read.people[0].scores.values()) == pytest.approx([0.7, 0.2, 0.1])
    assert read.people[1].scores == {0: pytest.approx(0.6)}
    assert read.people[2].scores == {0: 1.0}


def test_whoever_reads_detections_sees_the_likeliest() -> None:
    objects = decode_objects(encode_activities(activities(), HEADER))
    assert objects.classes == ("2", "0", "0")
    assert objects.ids == ("12", "3", "4000000000")
    assert objects.scores.tolist() == pytest.approx([0.7, 0.6, 1.0])


def test_no_more_than_five_hypotheses() -> None:
    message = encode_activities(activities(num_classes=60), HEADER)
    assert [len(one.results) for one in message.detections] == [5, 1, 1]


def test_nobody() -> None:
    nobody = Activities(
        Skeletons.none(17), np.zeros((0, 4), np.float32), np.zeros(0, np.int64), np.zeros((0, 3), np.float32)
    )
    assert decode_activities(encode_activities(nobody, HEADER)).people == ()


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("id", "bob", "detections[0].id: expected a number, got 'bob'"),
        ("class_id", "walk", "detections[0].results[1].hypothesis.class_id: expected a number, got 'walk'"),
        ("score", -0.5, "detections[0].results[1].hypothesis.score: expected a number in [0, 1], got -0.5"),
    ],
)
def test_what_cannot_be_read_is_refused(field: str, value: object, reason: str) -> None:
    message = encode_activities(activities(), HEADER)
    one = message.detections[0]
    setattr(one if field == "id" else one.results[1].hypothesis, field, value)
    with pytest.raises(MessageError) as caught:
        decode_activities(message)
    assert str(caught.value) == reason
