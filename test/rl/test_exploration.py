"""The linear schedule of epsilon."""

import pytest

from dl_robotics.config import ConfigError
from dl_robotics.rl.exploration import LinearEpsilon


def test_worked_example():
    epsilon = LinearEpsilon(start=1.0, end=0.1, steps=1_000)
    values = [epsilon(step) for step in (0, 500, 1_000, 50_000)]
    assert values == pytest.approx([1.0, 0.55, 0.1, 0.1])


@pytest.mark.parametrize("settings", [{"start": 0.1, "end": 0.5}, {"end": -0.1}, {"start": 1.5}, {"steps": 0}])
def test_refuses_what_is_no_schedule(settings):
    with pytest.raises(ConfigError):
        LinearEpsilon(**settings)
