"""A bonus for novelty leads a learner through a maze that pays at its end only."""

from dataclasses import replace

import pytest

from dl_robotics import config
from dl_robotics.config import ConfigError
from dl_robotics.resources import config_file
from dl_robotics.rl.spaces import Discrete
from dl_robotics.training.agents import make_agent
from dl_robotics.training.curves import read_columns
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.reinforcement import train

# Six rooms of four cells: 19 steps lead to the goal.
MAZE = {"env.kwargs": {"across": 3, "down": 2, "size": 2, "max_steps": 60}}
SHORT = {"total_steps": 24_000, "eval_every": 24_000, "log_every": 200, "epsilon.steps": 1_000, "slow_down_to": 1.0}


def shipped(name, **changes):
    return config.load(Recipe, config_file("training", f"{name}.yaml"), **changes)


def test_distillation_walks_to_the_goal(tmp_path):
    assert train(shipped("rooms_rnd", **MAZE, **SHORT, seed=100), tmp_path).success_rate == 1.0
    assert read_columns(tmp_path / "learning.csv")["bonus"][-1] > 0.0


def test_chance_does_not(tmp_path):
    assert train(shipped("rooms_dqn", **MAZE, **SHORT, seed=100), tmp_path).success_rate == 0.0


def test_the_recipes_differ_by_the_bonus_alone():
    assert replace(shipped("rooms_rnd"), bonus=None) == shipped("rooms_dqn")


def test_a_bonus_pays_single_steps():
    with pytest.raises(ConfigError, match="n_step"):
        shipped("rooms_rnd", n_step=3)


def test_curiosity_is_not_shared_with_workers():
    with pytest.raises(ConfigError, match="workers"):
        make_agent(shipped("rooms_rnd", workers=2), 4, Discrete(2), (0, 1, 2))
