"""People's joints on their way through messages, and what other publishers make of such a message."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sensor_msgs.msg import PointCloud2, PointField

from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.header import encode_header
from dl_robotics.messages.skeletons import decode_skeletons, encode_skeletons
from dl_robotics.ops.skeletons import Skeletons

HEADER = encode_header(1_500_000_000, "camera")
NAMES = ("x", "y", "z", "score", "joint", "person")
CODES = {"i1": 1, "u1": 2, "i2": 3, "u2": 4, "i4": 5, "u4": 6, "f4": 7, "f8": 8}
SEEN = Skeletons(
    np.array([[[10, 20, 0], [11.5, 30, 0], [0, 0, 0]], [[1, 2, 0], [3, 4, 0], [5, 6, 0]]], np.float32),
    np.array([[0.5, 1.0, 0.0], [0.25, 0.75, 1.0]], np.float32),
    np.array([41, 7]),
)
NUMBERS = st.sampled_from(list(CODES))


def foreign(points, types, order="<", gaps=(0,) * 7, row_padding=0, height=1):
    """A message as another publisher might lay it out.

    :param points: rows of x, y, z, score, joint, person.
    :param types: numpy's code of each field, by name, in the order of their places.
    :param gaps: bytes before each field, and after the last one.
    """
    offsets, place = [], 0
    for gap, code in zip(gaps, types.values(), strict=False):
        offsets.append(place + gap)
        place = offsets[-1] + np.dtype(code).itemsize
    step = place + gaps[-1]
    formats = [order + code for code in types.values()]
    records = np.zeros(
        len(points), np.dtype({"names": list(types), "formats": formats, "offsets": offsets, "itemsize": step})
    )
    for name in types:
        records[name] = np.array([row[NAMES.index(name)] for row in points]) if points else 0
    rows = np.zeros((height, len(points) // height * step + row_padding), np.uint8)
    rows[:, : rows.shape[1] - row_padding] = np.frombuffer(records.tobytes(), np.uint8).reshape(height, -1)
    message = PointCloud2(header=HEADER, height=height, width=len(points) // height, point_step=step)
    message.row_step, message.is_bigendian = rows.shape[1], order == ">"
    message.fields = [
        PointField(name=name, offset=offset, datatype=CODES[code], count=1)
        for (name, code), offset in zip(types.items(), offsets, strict=True)
    ]
    message.data.frombytes(rows.tobytes())
    return message


def plain(points, **types):
    return foreign(points, dict.fromkeys(NAMES, "f4") | types)


def test_a_worked_example():
    """Two people with three joints: two rows of three points of 24 bytes."""
    message = encode_skeletons(SEEN, HEADER)
    assert (message.header, message.height, message.width) == (HEADER, 2, 3)
    assert (message.point_step, message.row_step, message.is_dense) == (24, 72, True)
    fields = [(field.name, field.offset, field.datatype, field.count) for field in message.fields]
    floats = [(name, 4 * index, PointField.FLOAT32, 1) for index, name in enumerate(NAMES[:4])]
    assert fields == [*floats, ("joint", 16, PointField.UINT32, 1), ("person", 20, PointField.UINT32, 1)]
    second = bytes(message.data[24:48])
    assert np.frombuffer(second, "<f4")[:4].tolist() == [11.5, 30.0, 0.0, 1.0]
    assert np.frombuffer(second, "<u4")[4:].tolist() == [1, 41]


def test_people_come_back(travel, assert_same):
    for message in travel(encode_skeletons(SEEN, HEADER)):
        stamp_ns, frame_id, skeletons = decode_skeletons(message, 3)
        assert (stamp_ns, frame_id) == (1_500_000_000, "camera")
        assert_same(skeletons, SEEN)
        assert (skeletons.joints.dtype, skeletons.scores.dtype, skeletons.persons.dtype) == (
            np.float32,
            np.float32,
            np.int64,
        )
        assert_same(decode_skeletons(message).skeletons, SEEN)


def test_nobody_comes_back_as_nobody_with_as_many_joints(travel, assert_same):
    for message in travel(encode_skeletons(Skeletons.none(33), HEADER)):
        assert_same(decode_skeletons(message).skeletons, Skeletons.none(33))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_layouts_of_other_publishers_mean_the_same(data, assert_same):
    order = data.draw(st.permutations(NAMES))
    fractions = {"score": st.sampled_from(["f4", "f8"]), "x": st.sampled_from(["f4", "f8"])}
    types = {name: data.draw(fractions.get(name, NUMBERS)) for name in order}
    rows = [
        (*SEEN.joints[person, joint].tolist(), float(SEEN.scores[person, joint]), joint, int(SEEN.persons[person]))
        for person in (0, 1)
        for joint in (0, 1, 2)
    ]
    message = foreign(
        rows,
        types,
        data.draw(st.sampled_from("<>")),
        data.draw(st.lists(st.integers(0, 9), min_size=7, max_size=7)),
        data.draw(st.integers(0, 9)),
        data.draw(st.sampled_from([1, 2, 3])),
    )
    assert_same(decode_skeletons(message, 3).skeletons, SEEN)


def test_joints_without_a_point_or_a_place_were_not_seen():
    nowhere = float("nan")
    points = [(1, 2, 3, 0.5, 4, 9), (nowhere, 5, 6, nowhere, 0, 9), (7, 8, float("inf"), 1, 1, 9)]
    found = decode_skeletons(plain(points), 6).skeletons
    assert found.scores.tolist() == [[0, 0, 0, 0, 0.5, 0]]
    assert found.joints[0, 4].tolist() == [1, 2, 3]
    assert not found.joints[0, :4].any()
    assert decode_skeletons(plain(points)).skeletons.scores.shape == (1, 5)


def test_people_keep_the_order_of_their_points():
    points = [(0, 0, 0, 1, 0, 9), (0, 0, 0, 1, 0, 4), (0, 0, 0, 1, 1, 9), (0, 0, 0, 1, 0, 6)]
    assert decode_skeletons(plain(points)).skeletons.persons.tolist() == [9, 4, 6]


@pytest.mark.parametrize(
    ("point", "complaint"),
    [
        ((0, 0, 0, 1.5, 0, 0), r"data\[1\]\.score: expected a number in \[0, 1\], got 1.5"),
        ((0, 0, 0, float("nan"), 0, 0), r"data\[1\]\.score: "),
        ((0, 2e6, 0, 1, 0, 0), r"data\[1\]\.y: expected within "),
        ((0, 0, 0, 1, 17, 0), r"data\[1\]\.joint: expected below 17, the layout's joints, got 17"),
        ((0, 0, 0, 1, 0.5, 0), r"data\[1\]\.joint: expected a whole number"),
        ((0, 0, 0, 1, -1, 0), r"data\[1\]\.joint: expected a whole number"),
        ((0, 0, 0, 1, 0, float("nan")), r"data\[1\]\.person: expected a whole number"),
        ((0, 0, 0, 1, 3, 8), r"data\[1\]\.joint: expected each joint of a person once, got 3"),
    ],
)
def test_refuses_points_that_are_no_joints(travel, point, complaint):
    for received in travel(plain([(0, 0, 0, 1, 3, 8), point])):
        with pytest.raises(MessageError, match=f"^{complaint}"):
            decode_skeletons(received, 17)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda m: m.fields.pop(3), r"fields: expected one field score, got \['x', 'y', 'z', 'joint', 'person'\]"),
        (lambda m: m.fields.append(m.fields[0]), "fields: expected one field x"),
        (lambda m: setattr(m.fields[4], "datatype", 9), "fields.joint.datatype: expected 1 to 8, got 9"),
        (lambda m: setattr(m.fields[4], "count", 2), "fields.joint.count: expected 1, got 2"),
        (lambda m: setattr(m.fields[5], "offset", 21), "fields.person.offset: expected at most 20"),
        (lambda m: setattr(m, "point_step", 3), "fields.x.offset: expected at most -1"),
        (lambda m: setattr(m, "row_step", 71), "row_step: expected >= 72"),
        (lambda m: setattr(m, "height", 3), "data: expected 216 bytes"),
        (lambda m: m.data.pop(), "data: expected 144 bytes"),
    ],
)
def test_refuses_bytes_that_do_not_fit_their_description(travel, change, complaint):
    message = encode_skeletons(SEEN, HEADER)
    change(message)
    for received in travel(message):
        with pytest.raises(MessageError, match=f"^{complaint}"):
            decode_skeletons(received, 3)


def test_refuses_crowds_that_only_a_broken_message_has():
    crowd = [(0, 0, 0, 1, 0, person) for person in range(1001)]
    with pytest.raises(MessageError, match="at most 1000 people, got 1001"):
        decode_skeletons(plain(crowd))
    with pytest.raises(MessageError, match="at most 1000 joints a person, got 1001"):
        decode_skeletons(plain([(0, 0, 0, 1, 1000, 0)]))


@pytest.mark.parametrize(
    ("joints", "scores", "persons", "complaint"),
    [
        (np.full((1, 2, 3), np.nan, np.float32), np.ones((1, 2), np.float32), [0], "joints: expected a finite place"),
        (np.full((1, 2, 3), 2e6, np.float32), np.ones((1, 2), np.float32), [0], r"data\[0\]\.x: "),
        (np.zeros((1, 2, 3), np.float32), np.full((1, 2), -0.1, np.float32), [0], r"data\[0\]\.score: "),
        (np.zeros((1, 2, 3), np.float32), np.ones((1, 2), np.float32), [-1], "persons: expected numbers of 32 bits"),
        (np.zeros((1, 2, 3), np.float32), np.ones((1, 2), np.float32), [2**32], "persons: "),
    ],
)
def test_nothing_is_encoded_that_would_be_refused(joints, scores, persons, complaint):
    with pytest.raises(MessageError, match=f"^{complaint}"):
        encode_skeletons(Skeletons(joints, scores, np.array(persons)), HEADER)


def test_a_joint_that_was_not_seen_may_have_no_place():
    unseen = Skeletons(np.full((1, 2, 3), np.nan, np.float32), np.zeros((1, 2), np.float32), np.array([3]))
    message = encode_skeletons(unseen, HEADER)
    assert not message.is_dense
    assert not decode_skeletons(message).skeletons.joints.any()
