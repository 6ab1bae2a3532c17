"""Detections written straight to the wire."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rclpy.serialization import deserialize_message, serialize_message
from std_msgs.msg import Header
from vision_msgs.msg import Detection2DArray

from dl_robotics.messages.detections import encode_detections
from dl_robotics.messages.detections_wire import serialise_detections
from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.header import encode_header
from dl_robotics.ops.detections import Detections

TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=9)
OBJECTS = st.lists(
    st.tuples(
        st.integers(0, 4000),
        st.integers(0, 4000),
        st.integers(0, 900),
        st.integers(0, 900),
        st.floats(0, 1),
        TEXTS,
        TEXTS,
    ),
    max_size=12,
)


@given(OBJECTS, st.integers(0, 2**31 * 10**9 - 1), TEXTS, st.booleans())
def test_the_bytes_hold_the_message(objects, stamp_ns, frame_id, tracked):
    boxes = np.array([(x, y, x + w, y + h) for x, y, w, h, *_ in objects], np.float32).reshape(-1, 4)
    scores = np.array([score for *_, score, _, _ in objects], np.float32)
    ids = tuple(id_ for *_, id_ in objects) if tracked else ()
    found = Detections(boxes, np.arange(1, len(objects) + 1), scores, ids)
    header = encode_header(stamp_ns, frame_id)
    for words in (None, [word for *_, word, _ in objects]):
        wire, message = serialise_detections(found, header, words), encode_detections(found, header, words)
        assert deserialize_message(wire, Detection2DArray) == message
        assert len(wire) == len(serialize_message(message))  # the padding between fields is anything there


def test_what_no_message_may_hold_is_refused():
    boxes, labels = np.array([[0, 0, 1, np.nan]], np.float32), np.ones(1, np.int64)
    with pytest.raises(MessageError, match=r"detections\[0\]\.bbox\.center\.position\.y"):
        serialise_detections(Detections(boxes, labels, np.ones(1, np.float32)), Header())
