"""A thread that always works on the newest thing it was given."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Newest(Generic[T]):
    """Works on one item at a time; of those that come meanwhile the last is next, and the others are ``overtaken``.

    :param name: of the thread.
    :param work: called in the thread; what it raises is raised again by the next :meth:`put` or :meth:`check`.
    """

    def __init__(self, name: str, work: Callable[[T], None]) -> None:
        self._work = work
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._lock = threading.Lock()
        self._waiting: list[T] = []  # one at most
        self._failed: Future[object] | None = None
        self.overtaken = 0

    def put(self, item: T) -> list[T]:
        """Hand over an item, and return at once.

        :returns: what it has overtaken, if anything.
        """
        self.check()
        with self._lock:
            overtaken, self._waiting = self._waiting, [item]
            self.overtaken += len(overtaken)
        if not overtaken:
            self.submit(self._next)
        return overtaken

    def submit(self, task: Callable[..., object], *args: Any) -> None:
        """Have something else done in the thread, between two items."""
        self._pool.submit(task, *args).add_done_callback(self._keep_failure)

    def check(self) -> None:
        """Raise what has been raised in the thread."""
        if self._failed is not None:
            self._failed.result()

    def finish(self) -> None:
        """Forget what waits, and return when the thread is at rest."""
        with self._lock:
            self._waiting = []
        self._pool.submit(int).result()

    def close(self) -> None:
        """End the thread, as soon as it is done with what it works on."""
        self._pool.shutdown(cancel_futures=True)

    def _next(self) -> None:
        with self._lock:
            items, self._waiting = self._waiting, []
        for item in items:
            self._work(item)

    def _keep_failure(self, done: Future[object]) -> None:
        if not done.cancelled() and done.exception() is not None:
            self._failed = done
