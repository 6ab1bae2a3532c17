"""A thread that works on the newest item."""

import threading
from collections.abc import Iterator

import pytest

from dl_robotics.nodes.newest import Newest

LIMIT_S = 10.0


class Slow:
    """Work that waits until it is told to go on."""

    def __init__(self) -> None:
        self.done: list[int] = []
        self.begun, self.go_on = threading.Semaphore(0), threading.Semaphore(0)

    def __call__(self, item: int) -> None:
        self.begun.release()
        assert self.go_on.acquire(timeout=LIMIT_S)
        if item < 0:
            raise ValueError(f"cannot do {item}")
        self.done.append(item)


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def newest(slow: Slow) -> Iterator[Newest[int]]:
    newest = Newest("test", slow)
    yield newest
    for _ in range(10):
        slow.go_on.release()
    newest.close()


def begin(newest: Newest[int], slow: Slow, item: int) -> None:
    newest.put(item)
    assert slow.begun.acquire(timeout=LIMIT_S)


def test_the_newest_is_next_and_the_others_are_counted(newest: Newest[int], slow: Slow) -> None:
    begin(newest, slow, 1)
    assert [newest.put(item) for item in (2, 3, 4)] == [[], [2], [3]]
    slow.go_on.release()
    assert slow.begun.acquire(timeout=LIMIT_S)
    slow.go_on.release()
    newest.finish()
    assert slow.done == [1, 4]
    assert newest.overtaken == 2


def test_nothing_is_lost_where_the_work_keeps_up(newest: Newest[int], slow: Slow) -> None:
    for item in range(5):
        begin(newest, slow, item)
        slow.go_on.release()
        newest.finish()
    assert slow.done == [0, 1, 2, 3, 4]
    assert newest.overtaken == 0


def test_other_tasks_run_between_items(newest: Newest[int], slow: Slow) -> None:
    begin(newest, slow, 1)
    newest.submit(slow.done.append, 100)
    newest.put(2)
    slow.go_on.release()
    slow.go_on.release()
    newest.finish()
    assert slow.done[:2] == [1, 100]


def test_finish_forgets_what_waits(newest: Newest[int], slow: Slow) -> None:
    begin(newest, slow, 1)
    newest.put(2)
    threading.Timer(0.05, slow.go_on.release).start()
    newest.finish()
    assert slow.done == [1]
    begin(newest, slow, 3)
    slow.go_on.release()
    newest.finish()
    assert slow.done == [1, 3]


def test_an_error_in_the_thread_is_raised_by_the_next_call(newest: Newest[int], slow: Slow) -> None:
    begin(newest, slow, -1)
    slow.go_on.release()
    newest.finish()
    with pytest.raises(ValueError, match="cannot do -1"):
        newest.put(1)
    with pytest.raises(ValueError, match="cannot do -1"):
        newest.check()
