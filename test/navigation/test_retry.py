"""Failed episodes are tried again from shortly before they failed."""

import numpy as np
import pytest

from dl_robotics.config import ConfigError
from dl_robotics.navigation.environment import NavigationVectorEnv

AHEAD = np.tile(np.array([1.0, 0.0], np.float32), (2, 1))
TOWARDS_THE_WALL = {"pose": (1.0, 0.0, 0.0), "goal": (-1.5, 0.0), "mover_time_s": ()}


def until_a_collision(env):
    """Poses and movers' places on the way of the first robot."""
    env.reset(seed=0, options=TOWARDS_THE_WALL)
    way = [env.episodes.engine.pose[0].copy()]
    while True:
        terminated = env.step(AHEAD)[2]
        if terminated[0]:
            return np.array(way)
        way.append(env.episodes.engine.pose[0].copy())


def test_a_retry_begins_on_the_way_to_the_collision():
    env = NavigationVectorEnv("empty", "burger", 2, retry={"share": 0.999, "back_s": [1.0, 2.0]})
    way = until_a_collision(env)
    nearest = np.linalg.norm(way[:, :2] - env.episodes.engine.pose[0, :2], axis=1).argmin()
    np.testing.assert_allclose(env.episodes.engine.pose[0], way[nearest], atol=1e-12)
    assert 10 <= len(way) - nearest <= 20
    np.testing.assert_array_equal(env.episodes.goal[0], TOWARDS_THE_WALL["goal"])
    np.testing.assert_array_equal(env.episodes.engine.velocity[0], 0.0)


def test_movers_are_where_they_were():
    env = NavigationVectorEnv("arena", "burger", 2, retry={"share": 0.999, "back_s": [0.5, 0.5]})
    env.reset(seed=3, options={"pose": (0.0, 0.0, 0.0)})
    engine, places = env.episodes.engine, []
    while True:
        places.append(engine.mover_pose[0].copy())
        terminated, _, info = env.step(AHEAD)[2:]
        if terminated[0]:
            assert not info["success"][0]
            break
    np.testing.assert_allclose(engine.mover_pose[0], places[-5], atol=1e-9)


def test_without_it_a_new_scenario_is_drawn():
    env = NavigationVectorEnv("empty", "burger", 2)
    way = until_a_collision(env)
    assert np.linalg.norm(way[:, :2] - env.episodes.engine.pose[0, :2], axis=1).min() > 0.01


def test_retries_go_on_bit_for_bit():
    rng = np.random.default_rng(0)
    actions = rng.uniform(-1.0, 1.0, (300, 2, 2)).astype(np.float32)
    env = NavigationVectorEnv("arena", "burger", 2, retry={"share": 0.5})
    env.reset(seed=1)
    for action in actions[:200]:
        env.step(action)
    state = env.state_dict()
    other = NavigationVectorEnv("arena", "burger", 2, retry={"share": 0.5})
    other.reset(seed=2)
    other.load_state_dict(state)
    first, second = ([each.step(action)[0] for action in actions[200:]] for each in (env, other))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("changes", [{"share": 1.0}, {"back_s": [3.0, 1.0]}])
def test_bad_settings_are_refused(changes):
    with pytest.raises(ConfigError, match=f"retry.{next(iter(changes))}"):
        NavigationVectorEnv("empty", "burger", 1, retry=changes)
