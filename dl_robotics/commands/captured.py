"""Frames drawn and serialised, by several processes if asked for, and handed on in order."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, NamedTuple, Protocol, TypeAlias

from rosbags.typesys.store import Typestore

from dl_robotics.data.message_types import add_installed, serialise, type_name


class Serialised(NamedTuple):
    """A message for a bag."""

    topic: str
    message_type: str
    cdr: bytes


class StampedFrame(NamedTuple):
    """All messages of one frame."""

    stamp_ns: int
    messages: list[Serialised]


Draw: TypeAlias = Callable[[int], list[StampedFrame]]  # the frames of a piece of work, by its number


class CaptureJob(Protocol):
    """What to draw, and how to store it; goes to other processes."""

    @property
    def ahead(self) -> int:
        """Pieces of work that a process may be ahead of the disk."""

    def begin(self) -> Draw:
        """Set up whatever draws, in the process that will draw.

        :raises RuntimeError: where no OpenGL can be had.
        """


def serialised(types: Typestore, stamp_ns: int, messages: Mapping[str, Any]) -> StampedFrame:
    """A frame from its messages by topic."""
    made = []
    for topic, message in messages.items():
        kind = type_name(message)
        add_installed(types, kind)
        made.append(Serialised(topic, kind, bytes(serialise(types, message))))
    return StampedFrame(stamp_ns, made)


def captured(job: CaptureJob, pieces: int, workers: int) -> Iterator[StampedFrame]:
    """All frames of pieces 0 to ``pieces - 1``, the same whatever the number of workers."""
    if workers == 1:
        draw = job.begin()
        for number in range(pieces):
            yield from draw(number)
        return
    # Forked processes would share the parent's threads' locks, and OpenGL does not survive a fork.
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin, (job,)) as pool:
        try:
            yield from _in_order(pool, pieces, job.ahead * workers)
        finally:
            pool.shutdown(cancel_futures=True)


def _in_order(pool: ProcessPoolExecutor, pieces: int, ahead: int) -> Iterator[StampedFrame]:
    pending: deque[Future[list[StampedFrame]]] = deque()
    for number in range(pieces):
        pending.append(pool.submit(_draw, number))
        if len(pending) >= ahead:
            yield from pending.popleft().result()
    while pending:
        yield from pending.popleft().result()


_of_process: list[Draw] = []  # a process draws for one job


def _begin(job: CaptureJob) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all processes; the parent ends its workers
    os.environ.setdefault("LP_NUM_THREADS", "0")  # workers keep all cores busy: Mesa needs no threads of its own
    _of_process.append(job.begin())


def _draw(number: int) -> list[StampedFrame]:
    return _of_process[0](number)
