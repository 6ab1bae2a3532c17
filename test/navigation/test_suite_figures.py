"""Figures of drives beside worked examples."""

import dataclasses
import math

import numpy as np
import pytest

from dl_robotics.navigation.drives import Drive
from dl_robotics.navigation.losses import losses
from dl_robotics.navigation.seed_spread import SeedSpread
from dl_robotics.navigation.suite_figures import Comparison, SuiteFigures


def make_drive(number=0, outcome="reached", length_m=10.0, shortest_m=5.0, clearance_m=0.1, yaw=(0.0, 0.0, 0.0)):
    path = np.stack([np.linspace(0.0, length_m, len(yaw)), np.zeros(len(yaw))], axis=1)
    return Drive(
        goal=np.array([length_m, 0.5]),
        path=path,
        time_s=60.0,
        shortest_m=shortest_m,
        outcome=outcome,
        number=number,
        yaw=np.array(yaw),
        period_s=0.1,
        fastest_s=shortest_m / 0.25,
        clearance_m=clearance_m,
        stalled=False,
        circled=False,
        movers=np.empty((0, 3)),
    )


def test_spl_of_one_episode():
    assert make_drive(length_m=10.0, shortest_m=5.0).spl == 0.5
    assert make_drive(length_m=4.0, shortest_m=5.0).spl == 1.0  # shorter than the shortest found: no more than 1
    assert make_drive(outcome="collision").spl == 0.0


def test_time_remaining_way_and_smoothness_of_one_episode():
    drive = make_drive(yaw=(0.0, 0.1, 0.0))  # yaw rate 1, then -1 rad/s
    assert drive.time_ratio == 3.0
    assert math.isnan(make_drive(outcome="time-out").time_ratio)
    assert drive.remaining_m == 0.5
    assert drive.yaw_acceleration == pytest.approx(20.0)
    assert make_drive(yaw=(3.1, -3.1, -3.1 + 2 * math.pi - 6.2)).yaw_acceleration == pytest.approx(0.0, abs=1e-9)


def test_how_much_of_a_way_was_backwards():
    """2 m ahead, then 1 m back with the same heading; along its heading a step sideways is no way."""
    path = np.array([[0.0, 0.0], [2.0, 0.0], [1.0, 0.0], [1.0, 3.0]])
    drive = dataclasses.replace(make_drive(yaw=(0.0, 0.0, 0.0, 0.0)), path=path)
    assert drive.backwards == pytest.approx(1 / 3)
    turned = dataclasses.replace(drive, yaw=np.full(4, math.pi))
    assert turned.backwards == pytest.approx(2 / 3)
    across = dataclasses.replace(make_drive(yaw=(3.0, -3.0)), path=np.array([[0.0, 0.0], [-1.0, 0.0]]))
    assert across.backwards == 0.0  # a heading of pi, half way from 3 to -3
    still = dataclasses.replace(make_drive(yaw=(0.0, 1.0)), path=np.zeros((2, 2)))
    assert still.backwards == 0.0
    assert SuiteFigures.of([drive, still]).backwards.value == pytest.approx(1 / 6)


def test_failures_are_worse_than_any_success():
    reached, lost = make_drive(length_m=1000.0), make_drive(outcome="collision")
    assert 0.0 <= reached.badness < 1.0 < lost.badness


def test_figures_of_a_driver():
    drives = [make_drive(0), make_drive(1, clearance_m=0.02), make_drive(2, "collision"), make_drive(3, "time-out")]
    figures = SuiteFigures.of(drives)
    assert (figures.success.value, figures.collision.value, figures.time_out.value) == (0.5, 0.25, 0.25)
    assert figures.success[1:] == pytest.approx((0.150, 0.850), abs=1e-3)  # Wilson, 2 of 4
    assert figures.spl.value == 0.25
    assert (figures.clearance_m.value, figures.least_clearance_m) == pytest.approx((0.06, 0.02))
    assert figures.plain()["success"][0] == 0.5


def test_without_a_success_its_figures_are_unknown():
    figures = SuiteFigures.of([make_drive(outcome="collision")])
    assert math.isnan(figures.time_ratio.value) and math.isnan(figures.least_clearance_m)


def test_drivers_are_compared_scenario_by_scenario():
    first = [make_drive(n) for n in range(12)]
    second = [make_drive(n, "reached" if n < 3 else "collision") for n in range(12)]
    pair = Comparison.of(("a", "b"), first, second)
    assert (pair.pairs, pair.only_first, pair.only_second) == (12, 9, 0)
    assert pair.p_value == pytest.approx(2 / 2**9)
    assert pair.success.value == 0.75 and pair.success.low > 0.0
    assert pair.spl.value == pytest.approx(0.375)
    turned = Comparison.of(("b", "a"), second, first)
    assert turned.success.value == -0.75 and turned.p_value == pair.p_value


def test_drives_of_other_scenarios_are_not_compared():
    with pytest.raises(ValueError, match="same scenarios"):
        Comparison.of(("a", "b"), [make_drive(0)], [make_drive(1)])


def test_training_seeds_are_pooled():
    """90, 80 and 100 % of ten episodes: 90 % on average, 10 % apart; 27 of 30 by Wilson."""
    ends = {f"seed_{n}": ["collision"] * lost + ["reached"] * (10 - lost) for n, lost in enumerate((1, 2, 0))}
    spread = SeedSpread.of({name: [make_drive(k, end) for k, end in enumerate(some)] for name, some in ends.items()})
    assert (spread.mean, spread.least, spread.greatest) == pytest.approx((0.9, 0.8, 1.0))
    assert spread.deviation == pytest.approx(0.1)
    assert spread.pooled == pytest.approx((0.9, 0.7438, 0.9654), abs=1e-3)
    assert "90.0% on average, from 80.0% to 100.0%, standard deviation 10.0%" in str(spread)
    assert math.isnan(SeedSpread.of({"only": [make_drive()]}).deviation)


def test_what_was_lost_is_said_in_words():
    hit = dataclasses.replace(make_drive(7, "collision"), hit="moving")
    assert losses("all_knowing", [make_drive(1)]) == "all_knowing lost none of 1"
    assert losses("it", [make_drive(1), hit, make_drive(9, "time-out")]) == (
        "it lost 2 of 3: 1 hit by a moving obstacle, 1 by time-out (7 after 60.0 s, 9 after 60.0 s)"
    )
    assert SuiteFigures.of([hit, make_drive(1, "collision")]).mover.value == 0.5
