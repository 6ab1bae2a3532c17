"""Objects found in an image, on their way through messages."""

import array
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from vision_msgs.msg import Detection2D, ObjectHypothesis, ObjectHypothesisWithPose

from dl_robotics.messages.detections import decode_detections, decode_objects, encode_detections
from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.header import encode_header
from dl_robotics.ops.detections import Detections

HEADER = encode_header(1_500_000_000, "camera")
BOXES = np.array([[10.0, 20.0, 40.0, 60.0], [0.5, 0.0, 2.0, 3.5]], np.float32)
FOUND = Detections(BOXES, np.array([3, 1]), np.array([0.9, 0.25], np.float32), ("7", "8"))


def encoded(detections=FOUND):
    return encode_detections(detections, HEADER)


def hypothesis(word, score):
    return ObjectHypothesisWithPose(hypothesis=ObjectHypothesis(class_id=word, score=score))


def test_a_worked_example():
    """30 x 40 pixels around (25, 40), as vision_msgs 4 spells it."""
    message = encoded()
    one = message.detections[0]
    assert (one.bbox.center.position.x, one.bbox.center.position.y, one.bbox.center.theta) == (25.0, 40.0, 0.0)
    assert (one.bbox.size_x, one.bbox.size_y, one.id) == (30.0, 40.0, "7")
    assert (one.results[0].hypothesis.class_id, one.header, message.header) == ("3", HEADER, HEADER)
    assert one.results[0].hypothesis.score == pytest.approx(0.9)


def test_objects_come_back(travel, assert_same):
    for message in travel(encoded()):
        stamp_ns, frame_id, found = decode_detections(message)
        assert (stamp_ns, frame_id) == (1_500_000_000, "camera")
        assert_same(found, FOUND)


def test_an_empty_message_means_no_objects(travel, assert_same):
    for message in travel(encoded(Detections.none())):
        assert_same(decode_detections(message).detections, Detections.none())


def test_objects_without_tracks_have_no_ids(travel):
    for message in travel(encoded(Detections(BOXES, FOUND.labels, FOUND.scores))):
        assert decode_detections(message).detections.ids == ()


def test_the_likeliest_hypothesis_counts(travel):
    message = encoded()
    message.detections[1].results = [hypothesis("5", 0.2), hypothesis("6", 0.7), hypothesis("7", 0.1)]
    for received in travel(message):
        found = decode_detections(received).detections
        assert found.labels.tolist() == [3, 6]
        assert found.scores[1] == np.float32(0.7)


def test_classes_may_be_named(travel):
    message = encode_detections(FOUND, HEADER, ["cup", "plate"])
    for received in travel(message):
        assert decode_objects(received).classes == ("cup", "plate")
        assert decode_detections(received, {"plate": 4, "cup": 2}).detections.labels.tolist() == [2, 4]
        with pytest.raises(MessageError, match=r"^detections\[1\]\.results\[0\]\.hypothesis\.class_id: .* one of cup"):
            decode_detections(received, {"cup": 2})


@pytest.mark.parametrize("word", ["", "cup", "0", "-1", "1.0", "1" * 5000])
def test_without_names_a_class_is_a_number(word):
    message = encoded()
    message.detections[0].results[0].hypothesis.class_id = word
    with pytest.raises(MessageError, match=r"class_id: expected a number of 1 or more"):
        decode_detections(message)


@pytest.mark.parametrize("owner", ["position", "size"])
@pytest.mark.parametrize("axis", ["x", "y"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 1e300])
def test_refuses_numbers_that_are_no_pixels(travel, owner, axis, value):
    message = encoded()
    box = message.detections[1].bbox
    name = axis if owner == "position" else f"size_{axis}"
    setattr(box.center.position if owner == "position" else box, name, value)
    field = rf"bbox\.center\.position\.{axis}" if owner == "position" else rf"bbox\.size_{axis}"
    for received in travel(message):
        with pytest.raises(MessageError, match=rf"^detections\[1\]\.{field}: expected a number of pixels"):
            decode_detections(received)


def test_refuses_what_is_no_upright_box_with_a_probability(travel):
    for change, field in [
        (lambda one: setattr(one.bbox, "size_x", -1.0), "bbox.size_x"),
        (lambda one: setattr(one.bbox.center, "theta", 0.1), "bbox.center.theta"),
        (lambda one: setattr(one.results[0].hypothesis, "score", 1.5), "results[0].hypothesis.score"),
        (lambda one: setattr(one.results[0].hypothesis, "score", float("nan")), "results[0].hypothesis.score"),
        (lambda one: setattr(one, "results", []), "results"),
    ]:
        message = encoded()
        change(message.detections[1])
        for received in travel(message):
            with pytest.raises(MessageError) as refused:
                decode_detections(received)
            assert refused.value.field == f"detections[1].{field}"


def test_nothing_is_encoded_that_would_be_refused():
    with pytest.raises(MessageError, match=r"^detections\[0\]\.bbox\.size_x: "):
        encoded(Detections(BOXES[:, [2, 1, 0, 3]], FOUND.labels, FOUND.scores))
    with pytest.raises(MessageError, match=r"^detections\[1\]\.results\[0\]\.hypothesis\.score: "):
        encoded(Detections(BOXES, FOUND.labels, np.array([0.0, np.nan], np.float32)))


@settings(max_examples=50, deadline=None)
@given(st.data(), st.integers(0, 6))
def test_any_boxes_come_back(travel, data, count):
    corner = data.draw(arrays(np.float32, (count, 2), elements=st.floats(-1e4, 1e4, width=32)))
    size = data.draw(arrays(np.float32, (count, 2), elements=st.floats(0, 1e4, width=32)))
    boxes = np.hstack([corner, corner + size])
    scores = data.draw(arrays(np.float32, count, elements=st.floats(0, 1, width=32)))
    labels = data.draw(arrays(np.int64, count, elements=st.integers(1, 999_999_999)))
    for message in travel(encoded(Detections(boxes, labels, scores))):
        found = decode_detections(message).detections
        np.testing.assert_allclose(found.boxes, boxes, rtol=1e-6, atol=1e-3)
        assert (found.labels == labels).all() and (found.scores == scores).all()


def test_every_object_is_a_message_of_its_own():
    message = encoded()
    message.detections[0].bbox.size_x = 99.0
    message.detections[0].results.append(ObjectHypothesisWithPose())
    assert message.detections[1].bbox.size_x == 1.5
    assert len(message.detections[1].results) == 1
    assert encoded() == encoded()
    assert Detection2D() == Detection2D()  # the templates that objects are made from stay as they are
    assert array.array("d", encoded().detections[0].results[0].pose.covariance).tolist() == [0.0] * 36


def test_a_hundred_objects_take_milliseconds_at_most():
    """Seen: 0.5 ms and 0.4 ms; the bound leaves room for a busy machine."""
    many = Detections(np.tile(BOXES, (50, 1)), np.tile(FOUND.labels, 50), np.tile(FOUND.scores, 50))
    times = []
    for _ in range(20):
        start = time.perf_counter()
        decode_detections(encoded(many))
        times.append(time.perf_counter() - start)
    assert min(times) < 0.02
