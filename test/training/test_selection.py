"""Which evaluation was best."""

import math

from dl_robotics.training.selection import Selection


def test_the_best_is_kept_and_of_equals_the_later_one():
    selection = Selection().offer(0.5, 10)
    assert selection == Selection(0.5, 10, 0)
    assert selection.offer(0.4, 20) == Selection(0.5, 10, 1)
    assert selection.offer(0.5, 20) == Selection(0.5, 20, 0)
    assert selection.offer(0.6, 20) == Selection(0.6, 20, 0)


def test_what_is_not_a_number_is_never_best():
    assert Selection().offer(math.nan, 10) == Selection(None, 0, 1)
    assert Selection(0.5, 10, 2).offer(math.nan, 20) == Selection(0.5, 10, 3)


def test_patience():
    stale = Selection(0.5, 10, 3)
    assert stale.exhausted(3)
    assert not stale.exhausted(4)
    assert not stale.exhausted(None)
