"""What is known of one frame: its transforms to its parent over time, or the one that never changes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from operator import attrgetter
from typing import Protocol

import numpy as np
from scipy.spatial.transform import Rotation, Slerp

from dl_robotics.messages.transform import TransformData
from dl_robotics.messages.transform_errors import ExtrapolationException, InvalidArgumentException, display_time
from dl_robotics.ops.geometry import Array

_STAMP = attrgetter("stamp_ns")


class Cache(Protocol):
    """The transforms of one frame to its parents."""

    def insert(self, data: TransformData) -> None:
        """Take in a transform."""

    def at(self, time_ns: int) -> TransformData:
        """The transform at a time; 0 asks for the newest."""

    def newest(self) -> TransformData | None:
        """The newest transform; None where nothing is held."""

    def clear(self) -> None:
        """Forget what belongs to a time."""


class StaticCache:
    """A transform that holds at all times; its stamp reads 0, which limits nothing."""

    def insert(self, data: TransformData) -> None:
        """Replace what was held."""
        self._data = replace(data, stamp_ns=0)

    def at(self, time_ns: int) -> TransformData:
        """The transform, whatever the time."""
        return self._data

    def newest(self) -> TransformData:
        """The transform."""
        return self._data

    def clear(self) -> None:
        """Forget nothing."""


class MovingCache:
    """The transforms of the last ``cache_time_ns``, in the order of their stamps."""

    def __init__(self, cache_time_ns: int) -> None:
        self._cache_time_ns = cache_time_ns
        self._data: list[TransformData] = []

    def insert(self, data: TransformData) -> None:
        """Take in a transform, in any order; one with a stamp that is held replaces the other.

        :raises InvalidArgumentException: for one older than the newest by more than the cache time.
        """
        if self._data and data.stamp_ns < self._data[-1].stamp_ns - self._cache_time_ns:
            frame, time = data.child_frame_id, display_time(data.stamp_ns)
            raise InvalidArgumentException(f"TF_OLD_DATA ignoring data from the past for frame {frame} at time {time}")
        first = bisect_left(self._data, data.stamp_ns, key=_STAMP)
        end = bisect_right(self._data, data.stamp_ns, key=_STAMP)
        self._data[first:end] = [data]
        oldest_ns = self._data[-1].stamp_ns - self._cache_time_ns
        del self._data[: bisect_left(self._data, oldest_ns, key=_STAMP)]

    def at(self, time_ns: int) -> TransformData:
        """The transform at a time, between two stamps interpolated; 0 asks for the newest.

        A frame that changes its parent keeps its last pose in the old parent until the stamp of the new one.

        :raises ExtrapolationException: for a time outside the stamps that are held.
        """
        self._refuse_extrapolation(time_ns)
        if time_ns == 0:
            return self._data[-1]
        after = bisect_right(self._data, time_ns, key=_STAMP)
        older = self._data[after - 1]
        if older.stamp_ns == time_ns or older.frame_id != self._data[after].frame_id:
            return older
        return replace(older, stamp_ns=time_ns, transform=_interpolate(older, self._data[after], time_ns))

    def newest(self) -> TransformData | None:
        """The newest transform; None where nothing is held."""
        return self._data[-1] if self._data else None

    def clear(self) -> None:
        """Forget everything."""
        self._data.clear()

    def _refuse_extrapolation(self, time_ns: int) -> None:
        if not self._data:
            raise ExtrapolationException("Unable to lookup transform, cache is empty")
        oldest_ns, newest_ns = self._data[0].stamp_ns, self._data[-1].stamp_ns
        if time_ns == 0 or oldest_ns <= time_ns <= newest_ns:
            return
        asked, oldest, newest = map(display_time, (time_ns, oldest_ns, newest_ns))
        require = "Lookup would require extrapolation"
        if len(self._data) == 1:
            raise ExtrapolationException(f"{require} at time {asked}, but only time {newest} is in the buffer")
        if time_ns > newest_ns:
            message = f"into the future.  Requested time {asked} but the latest data is at time {newest}"
        else:
            message = f"into the past.  Requested time {asked} but the earliest data is at time {oldest}"
        raise ExtrapolationException(f"{require} {message}")


def _interpolate(older: TransformData, newer: TransformData, time_ns: int) -> Array:
    """Position on the straight line, rotation on the shortest arc (Shoemake 1985)."""
    ratio = (time_ns - older.stamp_ns) / (newer.stamp_ns - older.stamp_ns)
    ends = np.stack([older.transform, newer.transform])
    result = np.asarray((1.0 - ratio) * ends[0] + ratio * ends[1], dtype=np.float64)
    result[:3, :3] = Slerp([0.0, 1.0], Rotation.from_matrix(ends[:, :3, :3]))(ratio).as_matrix()
    return result
