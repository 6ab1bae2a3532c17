"""Learning rates fall over a run as the recipe says."""

import numpy as np
import pytest

from dl_robotics import config
from dl_robotics.config import ConfigError
from dl_robotics.nn.mlp import MLP
from dl_robotics.rl.learner import Learning
from dl_robotics.training.recipe import Recipe

PENDULUM = {"env": {"id": "Pendulum-v1", "vectorization": "sync"}, "total_steps": 1000}


def test_the_share_falls_linearly_to_its_end():
    recipe = config.from_dict(Recipe, {**PENDULUM, "slow_down_to": 0.2})
    assert [recipe.pace(step) for step in (0, 500, 1000)] == pytest.approx([1.0, 0.6, 0.2])
    assert config.from_dict(Recipe, PENDULUM).pace(1000) == 1.0


def test_a_step_at_half_the_pace_is_half_as_long():
    moved = []
    for pace in (1.0, 0.5):
        learning = Learning(MLP((2, 4, 1), "relu"), 1e-2)
        learning.network.forward(np.ones((3, 2), np.float32))
        learning.network.backward(np.ones((3, 1), np.float32))
        before = learning.network.values.copy()
        learning.step(pace)
        moved.append(np.abs(learning.network.values - before).max())
    assert moved[0] == pytest.approx(2.0 * moved[1], rel=1e-4)


@pytest.mark.parametrize("share", [0.0, 1.5])
def test_other_shares_are_refused(share):
    with pytest.raises(ConfigError, match="slow_down_to"):
        config.from_dict(Recipe, {**PENDULUM, "slow_down_to": share})
