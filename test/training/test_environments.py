"""Only environments that the loop is right for are taken."""

import gymnasium as gym
import numpy as np
import pytest
from counting import BatchedCountingEnv, sync

from dl_robotics import config
from dl_robotics.config import ConfigError
from dl_robotics.navigation.task import Task
from dl_robotics.resources import config_file
from dl_robotics.rl.spaces import Continuous, Discrete
from dl_robotics.training.environments import env_state, make_environments, restore_env, spaces
from dl_robotics.training.recipe import EnvRecipe


def test_cartpole():
    env = make_environments(EnvRecipe("CartPole-v1", {"sutton_barto_reward": True}, "sync"), 3)
    assert env.num_envs == 3
    assert env.get_attr("spec")[0].kwargs["sutton_barto_reward"] is True
    assert spaces(env) == (4, Discrete(2))
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
        ("single_action_space", gym.spaces.Box(0, 1, (2, 2)), "bounded one-dimensional Box"),
        ("single_action_space", gym.spaces.Box(0, np.inf, (2,)), "bounded one-dimensional Box"),
        ("single_action_space", gym.spaces.Discrete(3, start=1), "Discrete space from 0"),
    ],
)
def test_refused_by_space(name, space, message):
    env = sync({})
    setattr(env, name, space)
    with pytest.raises(ConfigError, match=message):
        spaces(env)


def test_continuous_actions():
    env = make_environments(EnvRecipe("Pendulum-v1", vectorization="sync"), 2)
    assert spaces(env) == (3, Continuous((-2.0,), (2.0,)))
    env.close()


def made(recipe):
    env = make_environments(recipe, 3)
    env.reset(seed=5)
    return env


NAVIGATION = "dl_robotics.navigation:dl_robotics/Navigation-v0"
LATE = {"latency_s": [0.0, 0.3], "lidar_noise_m": 0.02, "mover_rate": [0.5, 1.5], "mass": [0.8, 1.2]}


def late_task():
    plain = config.read(config_file("tasks", "burger_discrete.yaml"))
    return config.from_dict(Task, {**plain, "time_limit_s": 3.0, "randomisation": LATE})


@pytest.mark.parametrize(
    "recipe",
    [
        EnvRecipe("CartPole-v1", vectorization="sync"),
        EnvRecipe("Acrobot-v1", vectorization="sync"),
        EnvRecipe(NAVIGATION, {"world": "arena", "task": late_task()}),
        EnvRecipe(NAVIGATION, {"world": "arena", "task": late_task(), "engine": "mujoco"}),
    ],
    ids=["cartpole", "acrobot", "planar", "mujoco"],
)
def test_restored_environments_go_on_bit_for_bit(recipe):
    rng, env, restored = np.random.default_rng(0), made(recipe), make_environments(recipe, 3)
    actions = rng.integers(env.single_action_space.n, size=(90, 3))
    # Restored where episodes of all ages run, and once more from what was restored.
    for cut, (first, last) in zip((41, 60), ((0, 41), (41, 60)), strict=True):
        for action in actions[first:last]:
            env.step(action)
        restore_env(restored, env_state(env))
        if cut == 41:
            restore_env(env, env_state(restored))
    for action in actions[60:]:
        (obs, *ours, _), (other, *theirs, _) = env.step(action), restored.step(action)
        np.testing.assert_array_equal(obs, other)
        np.testing.assert_array_equal(ours, theirs)
    for part in (env, restored):
        part.close()


def test_environments_that_cannot_be_restored_say_so():
    with pytest.raises(ConfigError, match=r"env\.id: expected environments with state_dict.*BatchedCountingEnv"):
        env_state(BatchedCountingEnv({}))
