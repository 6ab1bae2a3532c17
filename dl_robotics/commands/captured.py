"""Frames drawn and serialised, by several processes if asked for, and handed on in order."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import NamedTuple

from dl_robotics.data.frame_messages import ImageCodec, frame_messages
from dl_robotics.data.message_types import add_installed, serialise, standard_types, type_name
from dl_robotics.sim.scenes.config import SceneConfig
from dl_robotics.sim.scenes.frames import LabelledFrames, Purpose

AHEAD = 8  # frames that a worker may be ahead of the disk


class Serialised(NamedTuple):
    """A message for a bag."""

    topic: str
    message_type: str
    cdr: bytes


class StampedFrame(NamedTuple):
    """All messages of one frame."""

    stamp_ns: int
    messages: list[Serialised]


@dataclass(frozen=True)
class CaptureJob:
    """What to draw, and how to store it; frame n has the stamp ``first_ns + n * period_ns``."""

    config: SceneConfig
    seed: int
    purpose: Purpose
    codec: ImageCodec
    first_ns: int
    period_ns: int


def captured(job: CaptureJob, frames: int, workers: int) -> Iterator[StampedFrame]:
    """Frames 0 to ``frames - 1``, the same whatever the number of workers."""
    if workers == 1:
        draw = _Draughtsman(job)
        yield from (draw(number) for number in range(frames))
        return
    # Forked processes would share the parent's threads' locks, and OpenGL does not survive a fork.
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin, (job,)) as pool:
        try:
            yield from _in_order(pool, frames, AHEAD * workers)
        finally:
            pool.shutdown(cancel_futures=True)


def _in_order(pool: ProcessPoolExecutor, frames: int, ahead: int) -> Iterator[StampedFrame]:
    pending: deque[Future[StampedFrame]] = deque()
    for number in range(frames):
        pending.append(pool.submit(_draw, number))
        if len(pending) >= ahead:
            yield pending.popleft().result()
    while pending:
        yield pending.popleft().result()


class _Draughtsman:
    """Draws and serialises frames by number."""

    def __init__(self, job: CaptureJob) -> None:
        self._job, self._types = job, standard_types()
        self._frames = LabelledFrames(job.config, job.seed, job.purpose)

    def __call__(self, number: int) -> StampedFrame:
        stamp_ns = self._job.first_ns + number * self._job.period_ns
        messages = frame_messages(self._frames[number], stamp_ns, self._job.codec)
        return StampedFrame(stamp_ns, [self._serialised(topic, message) for topic, message in messages.items()])

    def _serialised(self, topic: str, message: object) -> Serialised:
        kind = type_name(message)
        add_installed(self._types, kind)
        return Serialised(topic, kind, bytes(serialise(self._types, message)))


_of_process: list[_Draughtsman] = []  # a process draws for one job


def _begin(job: CaptureJob) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all processes; the parent ends its workers
    os.environ.setdefault("LP_NUM_THREADS", "0")  # workers keep all cores busy: Mesa needs no threads of its own
    _of_process.append(_Draughtsman(job))


def _draw(number: int) -> StampedFrame:
    return _of_process[0](number)
