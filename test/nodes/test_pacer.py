"""The schedule of simulated time, with invented clocks."""

import itertools

import pytest

from dl_robotics.nodes.pacer import MAX_LAG_S, UNLIMITED, Pacer, Schedule


def test_ticks_fall_due_on_an_absolute_schedule() -> None:
    pacer = Pacer(0.01, 2.0, now_s=100.0)
    done = 0
    for now_s in (100.004, 100.006, 100.0149, 100.0151, 100.05):  # late and uneven calls
        due = pacer.due(now_s)
        pacer.advanced(due)
        done += due
    assert done == 10  # 0.05 s at twice real time


def test_a_stall_is_caught_up_only_so_far() -> None:
    pacer = Pacer(0.01, 1.0, now_s=0.0)
    assert pacer.due(0.05) == 5
    assert pacer.due(30.0) == round(MAX_LAG_S / 0.01)


def test_a_restart_forgets_what_was_due() -> None:
    pacer = Pacer(0.01, 1.0, now_s=0.0)
    pacer.restart(20.0, now_s=0.05)
    assert pacer.due(0.05) == 0
    assert pacer.due(0.051) == 2


def test_zero_is_as_fast_as_possible() -> None:
    pacer = Pacer(0.01, 0.0, now_s=0.0)
    assert pacer.due(0.0) == UNLIMITED
    assert pacer.period_s == 0.0


def test_the_pace_achieved_is_measured_between_calls() -> None:
    pacer = Pacer(0.01, 20.0, now_s=0.0)
    pacer.advanced(1000)
    assert pacer.achieved(1.0) == pytest.approx(10.0)
    pacer.advanced(500)
    assert pacer.achieved(1.5) == pytest.approx(10.0)
    assert pacer.achieved(2.0) == 0.0


@pytest.mark.parametrize("rate_hz", [1.0, 3.0, 10.0, 30.0, 50.0, 99.0, 100.0])
def test_a_schedule_keeps_its_rate_without_drift(rate_hz: float) -> None:
    schedule = Schedule(rate_hz, 0.01)
    due = [tick for tick in range(1, 100_001) if schedule.is_due(tick)]
    assert len(due) == round(1000 * rate_hz)
    assert max(b - a for a, b in itertools.pairwise(due)) <= -(-100 // rate_hz)
