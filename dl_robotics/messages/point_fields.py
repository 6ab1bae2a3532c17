"""Points of any layout: what ``sensor_msgs/PointField`` says of ``sensor_msgs/PointCloud2``'s bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sensor_msgs.msg import PointCloud2, PointField
from std_msgs.msg import Header

from dl_robotics.messages.errors import check

MAX_POINT_BYTES = 65536

_TYPES = {
    PointField.INT8: "i1",
    PointField.UINT8: "u1",
    PointField.INT16: "i2",
    PointField.UINT16: "u2",
    PointField.INT32: "i4",
    PointField.UINT32: "u4",
    PointField.FLOAT32: "f4",
    PointField.FLOAT64: "f8",
}
_CODES = {code: datatype for datatype, code in _TYPES.items()}


def read_points(message: Any, names: Sequence[str]) -> npt.NDArray[np.void]:
    """Some fields of a ``sensor_msgs/PointCloud2``, of whatever type, order, padding and endianness.

    :param names: of the fields, each a single number a point.
    :return: (height * width,) records with these fields, read-only, in the message's memory.
    :raises MessageError: for a field that is missing, there twice, of an unknown type or beyond the point, for rows
        that do not fit ``row_step``, or data whose length is not ``row_step * height``.
    """
    height, width, row_step = int(message.height), int(message.width), int(message.row_step)
    point_step = int(message.point_step)
    check(point_step <= MAX_POINT_BYTES, "point_step", f"at most {MAX_POINT_BYTES}", point_step)
    layout = _layout(message, names)
    check(row_step >= width * point_step, "row_step", f">= {width * point_step} (width * point_step)", row_step)
    expected = f"{height * row_step} bytes (height * row_step)"
    check(len(message.data) == height * row_step, "data", expected, len(message.data))
    rows = np.frombuffer(message.data, np.uint8).reshape(height, row_step)
    points = np.ascontiguousarray(rows[:, : width * point_step]).reshape(height * width, point_step)
    return points.view(layout)[:, 0]


def encode_points(points: npt.NDArray[np.void], header: Header, is_dense: bool) -> PointCloud2:
    """The ``sensor_msgs/PointCloud2`` of records.

    :param points: (height, width), little-endian, without padding.
    :param is_dense: whether all places are finite.
    """
    height, width = points.shape
    step = points.dtype.itemsize
    message = PointCloud2(header=header, height=height, width=width, is_dense=is_dense)
    message.fields = [_field(name, *described[:2]) for name, described in (points.dtype.fields or {}).items()]
    message.point_step, message.row_step = step, step * width
    message.data.frombytes(points.tobytes())
    return message


def _layout(message: Any, names: Sequence[str]) -> np.dtype[np.void]:
    """The message's points as numpy has them, all fields but the named ones left out."""
    fields = {name: [field for field in message.fields if field.name == name] for name in names}
    order = ">" if message.is_bigendian else "<"
    formats, offsets = [], []
    for name, found in fields.items():
        check(len(found) == 1, "fields", f"one field {name}", [field.name for field in message.fields])
        field = found[0]
        check(field.datatype in _TYPES, f"fields.{name}.datatype", "1 to 8", field.datatype)
        # Older publishers leave the count out, which is 0.
        check(field.count in (0, 1), f"fields.{name}.count", "1", field.count)
        number = np.dtype(order + _TYPES[field.datatype])
        room = int(message.point_step) - number.itemsize
        check(field.offset <= room, f"fields.{name}.offset", f"at most {room} (it ends at point_step)", field.offset)
        formats.append(number)
        offsets.append(int(field.offset))
    return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": int(message.point_step)})


def _field(name: str, dtype: np.dtype[Any], offset: int) -> PointField:
    return PointField(name=name, offset=offset, datatype=_CODES[dtype.str[1:]], count=1)
