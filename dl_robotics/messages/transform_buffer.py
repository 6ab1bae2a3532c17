"""A tree of coordinate frames over time, for machines without tf2, with the rules and errors of its ``BufferCore``."""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterator
from threading import Lock

import numpy as np

from dl_robotics.messages.transform import TransformData
from dl_robotics.messages.transform_cache import Cache, MovingCache, StaticCache
from dl_robotics.messages.transform_errors import (
    ConnectivityException,
    ExtrapolationException,
    InvalidArgumentException,
    LookupException,
)
from dl_robotics.ops import geometry
from dl_robotics.ops.geometry import Array


class TransformBuffer:
    """Transforms between frames at any time of the last ``cache_time_s`` seconds. Several threads may use it.

    Where tf2 logs that it ignores a transform, :meth:`set_transform` raises.
    """

    def __init__(self, cache_time_s: float = 10.0) -> None:
        self._cache_time_ns = round(cache_time_s * 1e9)
        self._caches: dict[str, Cache] = {}  # by child frame
        self._frames: set[str] = set()
        self._lock = Lock()

    def set_transform(self, data: TransformData, is_static: bool = False) -> None:
        """Take in a transform; a frame that turns static, or stops being so, starts afresh.

        :raises InvalidArgumentException: for a frame that is its own parent or has no name, a matrix that is not a
            rigid transform, or a stamp older than the newest by more than the cache time.
        """
        parent, child = data.frame_id.removeprefix("/"), data.child_frame_id.removeprefix("/")
        _refuse_invalid(parent, child, data.transform)
        with self._lock:
            cache = self._caches.get(child)
            if not isinstance(cache, StaticCache if is_static else MovingCache):
                cache = StaticCache() if is_static else MovingCache(self._cache_time_ns)
            cache.insert(TransformData(data.stamp_ns, parent, child, data.transform))
            self._caches[child] = cache
            self._frames |= {parent, child}

    def lookup(self, target: str, source: str, time_ns: int = 0) -> Array:
        """(4, 4) pose of the frame ``source`` in ``target``: takes points given in source to target.

        :param time_ns: when; 0 asks for the latest time at which all transforms between the two are known.
        :raises LookupException: for a frame that is not known, or frames in a loop.
        :raises ConnectivityException: for frames in separate trees.
        :raises ExtrapolationException: for a time outside the transforms held.
        :raises InvalidArgumentException: for a frame name that is empty or starts with a slash.
        """
        if target == source:
            return np.eye(4)
        with self._lock:
            self._refuse_unknown("target_frame", target)
            self._refuse_unknown("source_frame", source)
            return self._lookup(target, source, time_ns or self._latest_common_time(target, source))

    def clear(self) -> None:
        """Forget all transforms but the static ones, for a clock that jumps back; the frames stay known."""
        with self._lock:
            for cache in self._caches.values():
                cache.clear()

    def _lookup(self, target: str, source: str, time_ns: int) -> Array:
        above_source, source_error = self._poses(source, {target}, time_ns)
        above_target, target_error = self._poses(target, above_source, time_ns)
        common = next(reversed(above_target))
        if common in above_source:
            return geometry.inverse(above_target[common]) @ above_source[common]
        error = target_error or source_error
        if error is None:
            raise _not_connected(target, source)
        path = f", when looking up transform from frame [{source}] to frame [{target}]"
        raise ExtrapolationException(f"{error}{path}") from error

    def _latest_common_time(self, target: str, source: str) -> int:
        above_source = self._stamps(source, {target})
        above_target = self._stamps(target, above_source)
        common = next(reversed(above_target))
        if common not in above_source:
            raise _not_connected(target, source)
        latest = min(above_source[common], above_target[common])
        return 0 if latest == math.inf else int(latest)

    def _poses(
        self, frame: str, stop: Container[str], time_ns: int
    ) -> tuple[dict[str, Array], ExtrapolationException | None]:
        """Pose of a frame in each of its ancestors, as far as they are known at that time, and why no farther."""
        poses = {frame: np.eye(4)}
        try:
            for step in self._climb(frame, stop, lambda cache: cache.at(time_ns)):
                poses[step.frame_id] = step.transform @ poses[step.child_frame_id]
        except ExtrapolationException as error:
            return poses, error
        return poses, None

    def _stamps(self, frame: str, stop: Container[str]) -> dict[str, float]:
        """Latest time, ns, at which the way from a frame to each of its ancestors is known; inf if always."""
        stamps = {frame: math.inf}
        for step in self._climb(frame, stop, lambda cache: cache.newest()):
            stamps[step.frame_id] = min(stamps[step.child_frame_id], step.stamp_ns or math.inf)
        return stamps

    def _climb(
        self, frame: str, stop: Container[str], read: Callable[[Cache], TransformData | None]
    ) -> Iterator[TransformData]:
        """Go up from a frame to the first frame of ``stop``, to the root, or to where nothing is held."""
        passed = [frame]
        while frame not in stop and frame in self._caches:
            step = read(self._caches[frame])
            if step is None:
                return
            yield step
            frame = step.frame_id
            passed.append(frame)
            if frame in passed[:-1]:
                raise LookupException(f"The tf tree is invalid because it contains a loop: {' -> '.join(passed)}")

    def _refuse_unknown(self, argument: str, frame: str) -> None:
        passed = f'"{frame}" passed to lookupTransform argument {argument}'
        if not frame:
            raise InvalidArgumentException(f"Invalid argument {passed} - in tf2 frame_ids cannot be empty")
        if frame.startswith("/"):
            raise InvalidArgumentException(f"Invalid argument {passed} - in tf2 frame_ids cannot start with a '/'")
        if frame not in self._frames:
            raise LookupException(f"{passed} does not exist. ")


def _not_connected(target: str, source: str) -> ConnectivityException:
    return ConnectivityException(
        f"Could not find a connection between '{target}' and '{source}' because they are not part of the same tree."
        "Tf has two or more unconnected trees."
    )


def _refuse_invalid(parent: str, child: str, transform: Array) -> None:
    if not child:
        raise InvalidArgumentException("TF_NO_CHILD_FRAME_ID: Ignoring transform because child_frame_id not set")
    ignoring = f'Ignoring transform for child_frame_id "{child}"'
    if not parent:
        raise InvalidArgumentException(f"TF_NO_FRAME_ID: {ignoring} because frame_id not set")
    if parent == child:
        raise InvalidArgumentException(f"TF_SELF_TRANSFORM: {ignoring} because frame_id is the same")
    if not np.isfinite(transform).all():
        raise InvalidArgumentException(f"TF_NAN_INPUT: {ignoring} because of a nan value in the transform {transform}")
    rotation = transform[:3, :3]
    # Every transform of a robot passes here: numpy's allclose would take four times as long.
    if np.abs(rotation @ rotation.T - np.eye(3)).max() > 1e-5 or np.linalg.det(rotation) < 0.0:
        raise InvalidArgumentException(f"TF_DENORMALIZED_QUATERNION: {ignoring} because of the rotation {rotation}")
