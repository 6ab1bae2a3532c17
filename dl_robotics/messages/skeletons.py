"""People's joints: ``sensor_msgs/PointCloud2`` with fields x, y, z, score, joint and person, a point for each joint.

Pixels with z = 0, or metres in a frame of REP-103; ``joint`` is a row of the layout's table, ``person`` a number.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from sensor_msgs.msg import PointCloud2
from std_msgs.msg import Header

from dl_robotics.messages.errors import MessageError, check
from dl_robotics.messages.header import decode_header
from dl_robotics.messages.point_fields import encode_points, read_points
from dl_robotics.ops.skeletons import Skeletons

Table: TypeAlias = npt.NDArray[np.float64]

MAX_PLACE = 1e6  # pixels or metres; float32 still tells a tenth there
MAX_JOINTS = MAX_PEOPLE = 1000  # what a broken message can make the reader allocate is bounded
LARGEST_NUMBER = 2**32 - 1

_PLACE = ("x", "y", "z")
_NAMES = (*_PLACE, "score", "joint", "person")
_WRITTEN = np.dtype([(name, "<f4") for name in (*_PLACE, "score")] + [("joint", "<u4"), ("person", "<u4")])


class StampedSkeletons(NamedTuple):
    """People, and the stamp and frame of what they were seen in."""

    stamp_ns: int
    frame_id: str
    skeletons: Skeletons


def decode_skeletons(message: Any, num_joints: int | None = None) -> StampedSkeletons:
    """Read a ``sensor_msgs/PointCloud2``: fields in any order and of any type, points in any order.

    A joint that has no point, or whose place is not finite, was not seen. People come in the order of their points.

    :param num_joints: of the layout; by default one more than the highest joint that comes, or the width of a message
        without points, which is how :func:`encode_skeletons` writes it.
    :raises MessageError: for a field that is missing or no number a point, data that does not fit the fields, a joint
        that the layout does not have or that a person has twice, scores outside [0, 1], and more people, joints or
        distance than there can be.
    """
    points = read_points(message, _NAMES)
    joints = _whole(points, "joint")
    persons, first, rows = np.unique(_whole(points, "person"), return_index=True, return_inverse=True)
    check(len(persons) <= MAX_PEOPLE, "data", f"at most {MAX_PEOPLE} people", len(persons))
    if num_joints is None:
        num_joints = int(joints.max()) + 1 if len(joints) else int(message.width)
        check(num_joints <= MAX_JOINTS, "data", f"at most {MAX_JOINTS} joints a person", num_joints)
    _check_joints(joints, rows, num_joints)
    places = np.stack([points[name].astype(np.float64) for name in _PLACE], -1)
    seen = np.isfinite(places).all(-1)
    scores = np.where(seen, points["score"], 0.0)
    _check_values(places, scores)
    table = np.zeros((len(persons), num_joints, 4), np.float32)
    table[rows[seen], joints[seen]] = np.column_stack([places, scores])[seen]
    order = np.argsort(first)
    skeletons = Skeletons(table[order, :, :3], table[order, :, 3], persons[order])
    return StampedSkeletons(*decode_header(message.header), skeletons)


def encode_skeletons(skeletons: Skeletons, header: Header) -> PointCloud2:
    """The ``sensor_msgs/PointCloud2`` of people: a row for each, with all joints of the layout, those not seen as well.

    :param header: that of the image or whatever else the people were seen in.
    :raises MessageError: for values that :func:`decode_skeletons` refuses, numbers of people that do not fit 32 bits,
        and a place that is not finite although the joint was seen.
    """
    people, num_joints = skeletons.scores.shape
    places, scores = skeletons.joints.reshape(-1, 3).astype(np.float64), skeletons.scores.ravel().astype(np.float64)
    _check_values(places, scores)
    lost = (scores > 0.0) & ~np.isfinite(places).all(-1)
    check(not lost.any(), "joints", "a finite place for each joint that was seen", places[lost])
    numbers = skeletons.persons
    check(bool(((numbers >= 0) & (numbers <= LARGEST_NUMBER)).all()), "persons", "numbers of 32 bits", numbers)
    points = np.empty((people, num_joints), _WRITTEN)
    for axis, name in enumerate(_PLACE):
        points[name] = skeletons.joints[..., axis]
    points["score"], points["joint"], points["person"] = skeletons.scores, np.arange(num_joints), numbers[:, None]
    return encode_points(points, header, is_dense=bool(np.isfinite(places).all()))


def _whole(points: npt.NDArray[np.void], name: str) -> npt.NDArray[np.int64]:
    """A field of numbers that count; many publishers send all fields as floats."""
    values = points[name].astype(np.float64)
    # Comparisons with NaN are false: it is refused with the rest.
    bad = ~((values >= 0.0) & (values <= LARGEST_NUMBER) & (values == np.floor(values)))
    if bad.any():
        index = int(bad.argmax())
        raise MessageError(f"data[{index}].{name}", f"a whole number from 0 to {LARGEST_NUMBER}", float(values[index]))
    return values.astype(np.int64)


def _check_joints(joints: npt.NDArray[np.int64], rows: npt.NDArray[np.int64], num_joints: int) -> None:
    if (joints >= num_joints).any():
        index = int((joints >= num_joints).argmax())
        raise MessageError(f"data[{index}].joint", f"below {num_joints}, the layout's joints", int(joints[index]))
    _, first = np.unique(rows * num_joints + joints, return_index=True)
    if len(first) < len(joints):
        index = int(np.setdiff1d(np.arange(len(joints)), first)[0])
        raise MessageError(f"data[{index}].joint", "each joint of a person once", int(joints[index]))


def _check_values(places: Table, scores: Table) -> None:
    far = np.isfinite(places) & (np.abs(places) > MAX_PLACE)
    if far.any():
        index, axis = np.argwhere(far)[0].tolist()
        expected = f"within [{-MAX_PLACE:g}, {MAX_PLACE:g}]"
        raise MessageError(f"data[{index}].{_PLACE[axis]}", expected, float(places[index, axis]))
    bad = ~((scores >= 0.0) & (scores <= 1.0))
    if bad.any():
        index = int(bad.argmax())
        raise MessageError(f"data[{index}].score", "a number in [0, 1]", float(scores[index]))
