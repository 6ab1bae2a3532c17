"""Only environments that the loop is right for are taken."""

import gymnasium as gym
import pytest
from counting import sync

from dl_robotics.config import ConfigError
from dl_robotics.training.environments import make_environments, sizes
from dl_robotics.training.recipe import EnvRecipe


def test_cartpole():
    env = make_environments(EnvRecipe("CartPole-v1", {"sutton_barto_reward": True}, "sync"), 3)
    assert env.num_envs == 3
    assert env.get_attr("spec")[0].kwargs["sutton_barto_reward"] is True
    assert sizes(env) == (4, 2)
    env.close()


@pytest.mark.parametrize(
    ("recipe", "message"),
    [
        (EnvRecipe("CartPole-v1"), r"env\.vectorization: expected .* reset in the same step .*NEXT_STEP"),
        (EnvRecipe("CartPole-v99", vectorization="sync"), r"env\.id: .*CartPole"),
        (EnvRecipe("Nothing-v0", vectorization="sync"), r"env\.id: .*Nothing"),
        (EnvRecipe("no_such_module:Nothing-v0", vectorization="sync"), r"env\.id: .*no_such_module"),
        (EnvRecipe("Pendulum-v1"), r"env\.id: .*vector entry point"),
    ],
)
def test_refused_by_recipe(recipe, message):
    with pytest.raises(ConfigError, match=message):
        make_environments(recipe, 2)


@pytest.mark.parametrize(
    ("name", "space", "message"),
    [
        ("single_observation_space", gym.spaces.Box(0, 1, (2, 2)), "one-dimensional Box"),
        ("single_observation_space", gym.spaces.Discrete(3), "one-dimensional Box"),
        ("single_action_space", gym.spaces.Box(0, 1, (2,)), "Discrete space from 0"),
        ("single_action_space", gym.spaces.Discrete(3, start=1), "Discrete space from 0"),
    ],
)
def test_refused_by_space(name, space, message):
    env = sync({})
    setattr(env, name, space)
    with pytest.raises(ConfigError, match=message):
        sizes(env)
