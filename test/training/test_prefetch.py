"""Work done ahead by threads."""

import threading

import pytest

from dl_robotics.training.prefetch import prefetched


def test_order_is_that_of_the_items_whoever_is_done_first():
    second_done = threading.Event()

    def work(number):
        if number == 0:
            assert second_done.wait(10.0)
        elif number == 1:
            second_done.set()
        return number * number

    assert list(prefetched(work, range(20), 3, 6)) == [n * n for n in range(20)]


@pytest.mark.parametrize("ahead", [1, 4])
def test_no_more_is_begun_than_asked_for(ahead):
    begun = []
    results = prefetched(begun.append, range(100), 2, ahead)
    for taken in range(1, 6):
        next(results)
        assert len(begun) <= taken + ahead
    results.close()
    assert len(begun) <= 5 + ahead


def test_an_error_comes_where_its_result_would():
    results = prefetched(lambda n: 1 // (2 - n), range(5), 2, 4)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_threads_end_with_the_generator():
    before = threading.active_count()
    results = prefetched(str, range(100), 3, 5)
    assert next(results) == "0"
    results.close()
    assert threading.active_count() == before
