"""The learning rate over a run."""

import pytest

from dl_robotics.config import ConfigError
from dl_robotics.training.schedules import ScheduleConfig


def test_cosine_is_one_at_the_start_a_half_in_the_middle_and_ends_at_its_final_value():
    # Loshchilov & Hutter 2017, equation 5, with T = 100: eta = final + (1 - final) / 2 * (1 + cos(pi t / T)).
    schedule = ScheduleConfig("cosine", final=0.2)
    assert schedule.factor(1, 100) == 1.0
    assert schedule.factor(51, 100) == pytest.approx(0.6)
    assert schedule.factor(101, 100) == pytest.approx(0.2)


def test_steps_divide_the_rate_at_each_milestone():
    schedule = ScheduleConfig("step", milestones=(0.5, 0.75), gamma=0.1)
    factors = [schedule.factor(step, 8) for step in range(1, 9)]
    assert factors == pytest.approx([1, 1, 1, 1, 0.1, 0.1, 0.01, 0.01])


def test_warm_up_rises_linearly():
    schedule = ScheduleConfig("constant", warmup_steps=4)
    assert [schedule.factor(step, 100) for step in range(1, 7)] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0, 1.0])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"warmup_steps": -1}, "warmup_steps: expected >= 0"),
        ({"final": 1.5}, "final: expected in \\[0, 1\\]"),
        ({"gamma": 0.0}, "gamma: expected in \\(0, 1\\]"),
        ({"milestones": (0.9, 0.5)}, "milestones: expected rising numbers"),
        ({"milestones": (0.5, 1.0)}, "milestones: expected rising numbers"),
    ],
)
def test_refused(values, message):
    with pytest.raises(ConfigError, match=message):
        ScheduleConfig(**values)
