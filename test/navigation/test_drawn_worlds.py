"""Environments that go through worlds drawn on the way."""

import numpy as np
import pytest

from dl_robotics.config import ConfigError
from dl_robotics.navigation.environment import NavigationEnv, NavigationVectorEnv

WORLD = {"worlds": {"kind": "clutter", "boxes": 1, "cylinders": 1, "movers": 2}, "episodes": 2}


def outlines(env, index):
    return str(env.episodes.sampler.where(index)[0].models)


def test_every_robot_is_in_a_world_of_its_own_and_leaves_it_after_its_episodes():
    env = NavigationVectorEnv(WORLD, "burger", num_envs=3)
    env.reset(seed=1)
    begun = [outlines(env, index) for index in range(3)]
    assert len(set(begun)) == 3
    first, rng = np.array([0]), np.random.default_rng(0)
    env.episodes.begin(first, rng)
    assert [outlines(env, index) for index in range(3)] == begun
    env.episodes.begin(first, rng)
    assert outlines(env, 0) != begun[0]
    assert [outlines(env, index) for index in (1, 2)] == begun[1:]


def rollout(env, steps, rng):
    rows = [env.step(rng.uniform(-1.0, 1.0, (env.num_envs, 2)).astype(np.float32))[:4] for _ in range(steps)]
    return [np.concatenate([np.ravel(part) for part in row]) for row in rows]


def test_the_same_seed_leads_through_the_same_worlds():
    env = NavigationVectorEnv(WORLD, "burger", num_envs=2)
    runs = []
    for _ in range(2):
        env.reset(seed=3)
        runs.append(np.array(rollout(env, 150, np.random.default_rng(0))))
    np.testing.assert_array_equal(*runs)


def test_a_run_goes_on_from_its_state_bit_for_bit():
    env = NavigationVectorEnv(WORLD, "burger_motion", num_envs=2)
    env.reset(seed=5)
    rollout(env, 90, np.random.default_rng(1))
    state = env.state_dict()
    expected = rollout(env, 60, np.random.default_rng(2))
    other = NavigationVectorEnv(WORLD, "burger_motion", num_envs=2)
    other.reset(seed=6)
    other.load_state_dict(state)
    np.testing.assert_array_equal(rollout(other, 60, np.random.default_rng(2)), expected)


def test_engines_agree_on_the_drawn_world():
    starts = []
    for engine in ("planar", "mujoco"):
        env = NavigationEnv(WORLD, "burger", engine=engine)
        starts.append(env.reset(seed=2)[0])
    np.testing.assert_allclose(*starts, atol=0.01)


@pytest.mark.parametrize(
    ("world", "key"),
    [({"worlds": {"kind": "clutter"}, "episodes": 0}, "episodes"), ({"worlds": {"kind": "jungle"}}, "worlds")],
)
def test_bad_settings_are_refused(world, key):
    with pytest.raises(ConfigError, match=key):
        NavigationVectorEnv(world, "burger")
