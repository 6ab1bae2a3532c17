"""What signals will be, and how odd they are: ``sensor_msgs/PointCloud2``, a row of named numbers a point.

A forecast has the field ``time``, seconds after the header's stamp, and a field for each channel. An anomaly is one
point with the fields ``score``, ``rank`` and ``anomalous``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sensor_msgs.msg import PointCloud2
from std_msgs.msg import Header

from dl_robotics.messages.errors import check
from dl_robotics.messages.header import decode_header
from dl_robotics.messages.point_fields import encode_points, read_points

TIME = "time"
_ANOMALY = np.dtype([("score", "<f8"), ("rank", "<f8"), ("anomalous", "u1")])


class StampedForecast(NamedTuple):
    """A forecast, and the stamp and frame of the last step that was known.

    :param times_s: (horizon,) float64 after the stamp.
    :param values: (horizon, C) float32.
    """

    stamp_ns: int
    frame_id: str
    times_s: npt.NDArray[np.float64]
    values: npt.NDArray[np.float32]


class StampedAnomaly(NamedTuple):
    """How odd signals are, and the stamp and frame of the last step looked at.

    :param rank: share of normal data that are less odd, in [0, 1].
    """

    stamp_ns: int
    frame_id: str
    score: float
    rank: float
    anomalous: bool


def encode_forecast(
    values: npt.NDArray[np.float32], times_s: npt.NDArray[np.float64], channels: Sequence[str], header: Header
) -> PointCloud2:
    """The message of a forecast, (horizon, C) at (horizon,) seconds after the header's stamp.

    :param channels: C names.
    :raises MessageError: for two fields of one name.
    """
    names = (TIME, *channels)
    check(len(set(names)) == len(names), "fields", "names of their own", names)
    points = np.empty((1, len(values)), np.dtype([(TIME, "<f8"), *((name, "<f4") for name in channels)]))
    points[TIME] = times_s
    for name, column in zip(channels, values.T, strict=True):
        points[name] = column
    return encode_points(points, header, is_dense=bool(np.isfinite(values).all()))


def decode_forecast(message: Any) -> StampedForecast:
    """Read the message of a forecast; all fields but ``time`` are channels.

    :raises MessageError: naming the field that is missing or no number.
    """
    channels = [field.name for field in message.fields if field.name != TIME]
    points = read_points(message, (TIME, *channels))
    columns = [points[name].astype(np.float32) for name in channels]
    values = np.stack(columns, 1) if columns else np.zeros((len(points), 0), np.float32)
    return StampedForecast(*decode_header(message.header), points[TIME].astype(np.float64), values)


def encode_anomaly(score: float, rank: float, anomalous: bool, header: Header) -> PointCloud2:
    """The message of one judgement."""
    return encode_points(np.array([[(score, rank, anomalous)]], _ANOMALY), header, is_dense=True)


def decode_anomaly(message: Any) -> StampedAnomaly:
    """Read the message of one judgement.

    :raises MessageError: naming the field that is missing or no number, or for another number of points than one.
    """
    points = read_points(message, _ANOMALY.names or ())
    check(len(points) == 1, "width", "one point", len(points))
    score, rank, anomalous = points[0].item()
    return StampedAnomaly(*decode_header(message.header), float(score), float(rank), bool(anomalous))
