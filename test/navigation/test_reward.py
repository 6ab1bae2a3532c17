"""Rewards: worked examples and the bounds of every term."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dl_robotics.navigation.reward import TERMS, reward_terms, weights
from dl_robotics.navigation.task import ActionSpec, RewardSpec, Task

TASK = Task(
    name="test",
    action=ActionSpec(kind="continuous", linear_mps=(-0.1, 0.2), angular_radps=(-2.0, 2.0)),
    reward=RewardSpec(clearance_m=0.2),
    footprint_radius_m=0.1,
    rate_hz=10.0,
)


def step(*, pose=(0.0, 0.0, 0.0), goal=(0.99, 0.0), nearest=1.0, turn=0.0, forward=0.1, failed=False):
    distance = np.array([1.0])
    ranges, rows = np.array([[9.0, nearest]]), (np.array([value]) for value in (pose, goal, turn, forward, failed))
    terms, reached = reward_terms(TASK, ranges, distance, *rows)
    return dict(zip(TERMS, terms[0], strict=True)), bool(reached[0]), distance[0]


def test_half_speed_towards_the_goal_is_half_the_progress():
    terms, reached, distance = step()  # 1 cm of the 2 cm that 0.2 m/s could drive in 0.1 s
    assert terms["progress"] == pytest.approx(0.5)
    assert terms["heading"] == pytest.approx(1.0)
    assert terms["time"] == -1.0
    assert distance == pytest.approx(0.99)
    assert not reached


def test_clearance_falls_linearly_from_the_footprint():
    assert step(nearest=0.2)[0]["clearance"] == pytest.approx(-0.5)
    assert step(nearest=0.31)[0]["clearance"] == 0.0
    assert step(nearest=0.05)[0]["clearance"] == -1.0


def test_smoothness_is_the_change_of_yaw_rate_over_its_range():
    assert step(turn=-1.0)[0]["smoothness"] == pytest.approx(-0.25)


def test_heading_is_the_cosine_of_the_bearing():
    assert step(pose=(0.0, 0.0, math.pi / 3))[0]["heading"] == pytest.approx(0.5)


def test_only_driving_backwards_costs_for_the_way_it_goes():
    assert step(forward=-0.1)[0]["reverse"] == pytest.approx(-0.5)
    assert step(forward=0.2)[0]["reverse"] == 0.0


def test_success_and_failure_exclude_each_other():
    near = {"goal": (0.19, 0.0)}
    terms, reached, _ = step(**near)
    assert (terms["success"], terms["failure"], reached) == (1.0, 0.0, True)
    terms, reached, _ = step(**near, failed=True)
    assert (terms["success"], terms["failure"], reached) == (0.0, -1.0, False)


@given(st.integers(0, 2**32 - 1))
def test_every_term_is_bounded(seed):
    rng = np.random.default_rng(seed)
    terms, _ = reward_terms(
        TASK,
        rng.choice([0.0, 0.15, np.inf], (4, 2)),
        rng.uniform(0, 9, 4),
        rng.normal(0, 9, (4, 3)),
        rng.normal(0, 9, (4, 2)),
        rng.normal(0, 9, 4),
        rng.normal(0, 9, 4),
        rng.random(4) < 0.5,
    )
    assert np.abs(terms).max() <= 1.0


def test_weights_follow_the_order_of_the_terms():
    assert dict(zip(TERMS, weights(TASK), strict=True)) == {name: getattr(TASK.reward, name) for name in TERMS}
