"""Planar lidar scans: ``sensor_msgs/LaserScan``."""

from __future__ import annotations

import array
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sensor_msgs.msg import LaserScan

from dl_robotics.messages.errors import MessageError, check
from dl_robotics.messages.header import decode_header, encode_header


@dataclass(frozen=True, eq=False)
class Scan:
    """One sweep of a lidar; ray ``i`` looks along ``angle_min + i * angle_increment`` about the z axis of ``frame_id``.

    A range is a distance in m or, by REP-117, inf where nothing returned and -inf where something is too near to be
    measured; many lidars send 0 instead, which passes. NaN, an erroneous reading, and other negative ranges do not.

    :param angle_min: rad.
    :param angle_increment: rad, not 0; negative for a sweep clockwise.
    :param ranges: (n,) float32, n >= 1.
    :raises MessageError: naming the message's field that cannot be used.
    """

    stamp_ns: int
    frame_id: str
    angle_min: float
    angle_increment: float
    range_min_m: float
    range_max_m: float
    ranges: npt.NDArray[np.float32]

    def __post_init__(self) -> None:
        increment, near, far = self.angle_increment, self.range_min_m, self.range_max_m
        check(math.isfinite(self.angle_min), "angle_min", "a finite number", self.angle_min)
        check(math.isfinite(increment) and increment != 0.0, "angle_increment", "a finite number but 0", increment)
        check(math.isfinite(near) and near >= 0.0, "range_min", "a finite number >= 0", near)
        check(math.isfinite(far) and far > near, "range_max", f"a finite number > range_min, {near:g}", far)
        check(self.ranges.size > 0, "ranges", "at least one range", [])
        _check_ranges(self.ranges)


def decode_scan(message: Any) -> Scan:
    """Read a ``sensor_msgs/LaserScan``; its ranges are copied, intensities and times between rays left out.

    :raises MessageError: as :class:`Scan`.
    """
    return Scan(
        *decode_header(message.header),
        angle_min=float(message.angle_min),
        angle_increment=float(message.angle_increment),
        range_min_m=float(message.range_min),
        range_max_m=float(message.range_max),
        ranges=np.array(message.ranges, dtype=np.float32),
    )


def encode_scan(scan: Scan) -> LaserScan:
    """The ``sensor_msgs/LaserScan`` of a scan whose rays were all taken at its stamp."""
    return LaserScan(
        header=encode_header(scan.stamp_ns, scan.frame_id),
        angle_min=float(scan.angle_min),
        angle_max=float(scan.angle_min + scan.angle_increment * (len(scan.ranges) - 1)),
        angle_increment=float(scan.angle_increment),
        range_min=float(scan.range_min_m),
        range_max=float(scan.range_max_m),
        ranges=array.array("f", np.asarray(scan.ranges, dtype=np.float32).tobytes()),
    )


def _check_ranges(ranges: npt.NDArray[np.float32]) -> None:
    bad = np.isnan(ranges) | ((ranges < 0.0) & (ranges != -np.inf))
    if bad.any():
        first = int(bad.argmax())
        raise MessageError(f"ranges[{first}]", ">= 0, inf or -inf", float(ranges[first]))
