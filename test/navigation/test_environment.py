"""The environments: Gymnasium's contract, and laws over every registered id and both engines."""

import dataclasses
import math

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode

from dl_robotics import config
from dl_robotics.config import ConfigError
from dl_robotics.navigation.environment import NavigationEnv, NavigationVectorEnv
from dl_robotics.navigation.registration import WORLDS
from dl_robotics.navigation.task import Randomisation, Task
from dl_robotics.resources import config_file

IDS = [f"dl_robotics/{name.title()}-v0" for name in WORLDS]
EMPTY = config_file("worlds", "empty.sdf")
ARENA = config_file("worlds", "arena.sdf")
CONTINUOUS = config.load(Task, config_file("tasks", "burger.yaml"))
DISCRETE = config.load(Task, config_file("tasks", "burger_discrete.yaml"))
FORWARD = np.array([1.0, 0.0], dtype=np.float32)
HALT = np.array([-1.0, 0.0], dtype=np.float32)


def rollout(env, steps, seed):
    observation, _ = env.reset(seed=seed)
    env.action_space.seed(seed)
    rows = [observation]
    for _ in range(steps):
        observation, reward, terminated, truncated, _ = env.step(env.action_space.sample())
        rows.append(np.append(observation, [reward, terminated, truncated]))
        if not np.ndim(terminated) and (terminated or truncated):
            rows.append(env.reset()[0])
    env.close()
    return np.concatenate([np.ravel(row) for row in rows])


@pytest.mark.parametrize("engine", ["planar", "mujoco"])
@pytest.mark.parametrize("task", ["burger", "burger_discrete"])
@pytest.mark.parametrize("env_id", IDS)
def test_every_id_keeps_gymnasiums_contract(env_id, task, engine):
    env = gym.make(env_id, task=task, engine=engine, render_mode="rgb_array")
    check_env(env.unwrapped)
    env.close()


@pytest.mark.parametrize("env_id", IDS)
def test_vector_form_is_registered(env_id):
    env = gym.make_vec(env_id, num_envs=3, vectorization_mode="vector_entry_point")
    assert env.metadata["autoreset_mode"] is AutoresetMode.SAME_STEP
    observation, _ = env.reset(seed=1)
    assert env.observation_space.contains(observation)
    env.close()


@pytest.mark.parametrize("engine", ["planar", "mujoco"])
def test_same_seed_same_trajectory(engine):
    runs = [rollout(NavigationEnv(ARENA, DISCRETE, engine=engine), 60, seed) for seed in (3, 3, 4)]
    np.testing.assert_array_equal(runs[0], runs[1])
    assert runs[0].shape != runs[2].shape or not np.array_equal(runs[0], runs[2])


def test_same_seed_same_trajectories_side_by_side():
    runs = [rollout(NavigationVectorEnv(ARENA, DISCRETE, num_envs=5), 200, seed) for seed in (3, 3, 4)]
    np.testing.assert_array_equal(runs[0], runs[1])
    assert not np.array_equal(runs[0], runs[2])


def test_movers_start_elsewhere_in_every_episode_and_the_same_for_the_same_seed():
    env = NavigationEnv(ARENA, CONTINUOUS)
    starts = []
    for seed in (0, 0, 1):
        env.reset(seed=seed)
        starts.append(env.episodes.engine.mover_pose.copy())
    np.testing.assert_array_equal(starts[0], starts[1])
    assert np.abs(starts[0] - starts[2]).max() > 0.05


def test_driving_to_the_goal_succeeds():
    env = NavigationEnv(EMPTY, CONTINUOUS)
    env.reset(seed=0, options={"pose": (-1.0, 0.0, 0.0), "goal": (0.0, 0.0)})
    steps = 0
    terminated = False
    while not terminated:
        _, reward, terminated, truncated, info = env.step(FORWARD)
        steps += 1
    assert (terminated, truncated) == (True, False)
    assert info == {"success": True, "collision": False, "tumbled": False}
    assert reward > 0.9 * CONTINUOUS.reward.success
    assert steps * 0.022 == pytest.approx(1.0 - CONTINUOUS.goal_tolerance_m, abs=0.06)


@pytest.mark.parametrize("engine", ["planar", "mujoco"])
def test_driving_into_a_wall_is_a_collision(engine):
    env = NavigationEnv(EMPTY, CONTINUOUS, engine=engine)
    env.reset(seed=0, options={"pose": (1.5, 0.0, 0.0), "goal": (-1.0, 0.0)})
    terminated = truncated = False
    while not (terminated or truncated):
        _, reward, terminated, truncated, info = env.step(FORWARD)
    assert (terminated, truncated) == (True, False)
    assert info == {"success": False, "collision": True, "tumbled": False}
    assert reward < -0.9 * CONTINUOUS.reward.failure
    # The inner face of the wall is 2.1 m from the centre of the 4.2 m arena.
    assert env.episodes.engine.pose[0, 0] == pytest.approx(2.1 - CONTINUOUS.footprint_radius_m, abs=0.03)


def test_a_time_out_truncates_and_does_not_terminate():
    task = dataclasses.replace(CONTINUOUS, time_limit_s=0.5)
    env = NavigationEnv(EMPTY, task)
    env.reset(seed=0, options={"pose": (0.0, 0.0, 0.0), "goal": (1.5, 1.5)})
    endings = [env.step(HALT)[2:4] for _ in range(5)]
    assert endings == [(False, False)] * 4 + [(False, True)]


def test_ended_episodes_begin_anew_and_hand_out_their_last_observation():
    task = dataclasses.replace(CONTINUOUS, time_limit_s=1.0)
    env = NavigationVectorEnv(EMPTY, task, num_envs=4)
    poses = np.array([[-1.0, y, 0.0] for y in (-1.5, -0.5, 0.5, 1.5)])
    goals = poses[:, :2] + [[0.25, 0.0], [1.0, 0.0], [1.0, 0.0], [1.0, 0.0]]
    before, _ = env.reset(seed=0, options={"pose": poses, "goal": goals})
    for _ in range(10):
        seen, _, terminated, truncated, info = env.step(np.tile(FORWARD, (4, 1)))
        assert not (terminated & truncated).any()
        ended = terminated | truncated
        if not ended.any():
            assert info == {}
            before = seen
            continue
        np.testing.assert_array_equal(info["_final_obs"], ended)
        # The last observation follows from the one before it; the first of the next episode does not.
        count = task.lidar.count
        assert np.abs(info["final_obs"] - before)[ended, :count].max() < 0.05
        assert np.abs(seen - info["final_obs"])[ended, :count].max() > 0.05
        np.testing.assert_array_equal(env.episodes.steps[ended], 0)
        before = seen
    assert truncated[1:].all()


def test_one_robot_sees_the_same_alone_and_in_a_row():
    alone, row = NavigationEnv(ARENA, CONTINUOUS), NavigationVectorEnv(ARENA, CONTINUOUS, num_envs=1)
    options = {"pose": (0.0, 0.0, 0.3), "goal": (1.0, -1.0), "mover_time_s": (1.0, 2.0, 3.0, 4.0)}
    np.testing.assert_array_equal(alone.reset(seed=0, options=options)[0], row.reset(seed=0, options=options)[0][0])
    for _ in range(5):
        one, many = alone.step(FORWARD), row.step(FORWARD[None])
        np.testing.assert_array_equal(one[0], many[0][0])
        assert one[1] == many[1][0]


def test_latency_delays_the_first_movement():
    late = dataclasses.replace(CONTINUOUS, randomisation=Randomisation(latency_s=(0.25, 0.25)))
    moved = []
    for task in (CONTINUOUS, late):
        env = NavigationEnv(EMPTY, task)
        env.reset(seed=0, options={"pose": (0.0, 0.0, 0.0), "goal": (1.5, 0.0)})
        moved.append([(env.step(FORWARD), env.episodes.engine.pose[0, 0])[1] for _ in range(20)])
    np.testing.assert_allclose(moved[1][:2], 0.0, atol=1e-9)
    assert 0.0 < moved[1][2] < moved[0][0]
    assert moved[0][-1] - moved[1][-1] == pytest.approx(0.25 * 0.22, rel=0.02)


def ranges_of(observation):
    """The lidar ranges, m, behind observations."""
    lidar = CONTINUOUS.lidar
    return lidar.range_min_m * (lidar.range_max_m / lidar.range_min_m) ** observation[:, : lidar.count]


def test_noise_and_dropout_have_the_asked_statistics_and_leave_rewards_alone():
    random = Randomisation(lidar_noise_m=0.05, lidar_dropout=0.1)
    noisy, clean = (
        NavigationVectorEnv(EMPTY, task, num_envs=200)
        for task in (dataclasses.replace(CONTINUOUS, randomisation=random), CONTINUOUS)
    )
    options = {"pose": (0.0, 0.0, 0.0), "goal": (1.0, 1.0)}
    seen, true = (ranges_of(env.reset(seed=0, options=options)[0]) for env in (noisy, clean))
    lost = seen > CONTINUOUS.lidar.range_max_m - 1e-3
    assert lost.mean() == pytest.approx(0.1, abs=0.02)
    assert (seen - true)[~lost].std() == pytest.approx(0.05, abs=0.003)
    action = np.tile(HALT, (200, 1))
    np.testing.assert_array_equal(noisy.step(action)[1], clean.step(action)[1])


def test_starts_and_goals_keep_clear():
    env = NavigationVectorEnv(ARENA, CONTINUOUS, num_envs=64)
    env.reset(seed=0)
    episodes = env.episodes
    space, engine = episodes.sampler.free_space, episodes.engine
    assert space.clearance(engine.pose[:, :2]).min() > CONTINUOUS.footprint_radius_m
    assert space.clearance(episodes.goal).min() > CONTINUOUS.footprint_radius_m
    to_movers = np.linalg.norm(engine.mover_pose[:, :, :2] - engine.pose[:, None, :2], axis=2)
    assert to_movers.min() > 0.4
    distance = np.linalg.norm(engine.pose[:, :2] - episodes.goal, axis=1)
    low, high = CONTINUOUS.goal_distance_m
    assert low <= distance.min() <= distance.max() <= high


def test_a_task_made_for_another_robot_is_refused():
    with pytest.raises(ConfigError, match=r"footprint radius of 0\.105 m"):
        NavigationEnv(EMPTY, dataclasses.replace(CONTINUOUS, footprint_radius_m=0.2))


@pytest.mark.parametrize("options", [{"gaol": (0, 0)}, {"goal": (0, 0, 0)}, {"pose": (0, 0, math.nan)}])
def test_options_that_do_not_fit_are_refused(options):
    with pytest.raises(ValueError, match="options"):
        NavigationEnv(EMPTY, CONTINUOUS).reset(seed=0, options=options)


def test_pictures_show_the_world_from_above():
    env = NavigationEnv(ARENA, CONTINUOUS, render_mode="rgb_array")
    env.reset(seed=0)
    picture = env.render()
    assert picture.dtype == np.uint8
    assert picture.shape[2] == 3
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 4
