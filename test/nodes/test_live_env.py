"""The environment behind topics, over real DDS: whole steps, endings, and a simulator that hangs or dies."""

import os
import signal
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from live import live_settings
from rig import Rig
from sensor_msgs.msg import LaserScan

from dl_robotics.config import ConfigError
from dl_robotics.navigation.observation import size
from dl_robotics.nodes.live_env import LiveVectorEnv
from dl_robotics.nodes.live_robot import LiveError
from dl_robotics.nodes.simulator import Simulator
from dl_robotics.training.live_collection import LiveCollector

FORWARD = np.array([[1.0, 0.0]], np.float32)


class Ahead:
    """Drives straight on, and remembers what it saw."""

    def act(self, obs: np.ndarray, step: int) -> np.ndarray:
        return FORWARD


@pytest.fixture
def env(tmp_path: Path) -> Iterator[LiveVectorEnv]:
    env = LiveVectorEnv(**live_settings(tmp_path))
    yield env
    env.close()


def speed_of(obs: np.ndarray) -> float:
    """The measured forward speed, as a share of the top speed."""
    return float(obs[..., -4])


def test_a_simulator_that_hangs_and_one_that_dies(env: LiveVectorEnv) -> None:
    source, robot = LiveCollector(env, seed=0), env.robots[0]
    rows = []
    for trouble in (signal.SIGSTOP, signal.SIGKILL, None):
        for step in range(12):
            source.begin(Ahead(), step)
            transitions, ended = source.finish()
            rows.append((transitions, bool(ended[0])))
        before = robot._simulator.pid
        if trouble is None:
            break
        os.kill(before, trouble)
        source.begin(Ahead(), 0)
        transitions, ended = source.finish()
        rows.append((transitions, bool(ended[0])))
        assert robot._simulator.pid != before
    # A machine with much other work may break off an episode of its own.
    assert robot.restarts == 2
    assert robot.broken == source.broken >= 2
    # Each break ends the episode with its last whole step, as a time-out; steps follow one another otherwise.
    ends = [number for number, (_, ended) in enumerate(rows) if ended]
    assert len(ends) >= 2
    for (here, ended), (after, _) in pairwise(rows):
        assert here.terminated[0] <= ended
        assert ended != np.array_equal(here.next_obs, after.obs)
    for transitions, _ in rows:
        assert transitions.obs.shape == (1, size(env.task))
        assert np.isfinite(transitions.obs).all()
    began = [rows[end + 1][0] for end in ends]
    assert all(abs(speed_of(first.obs[0])) < 0.01 for first in began)  # from rest, with no command before
    assert all(np.array_equal(first.obs[0, -2:], [0.0, 0.0]) for first in began)


def test_every_step_lasts_one_period_and_the_goal_ends_the_episode(rig: Rig, env: LiveVectorEnv) -> None:
    obs, _ = env.reset(seed=1)
    robot, periods, outcomes = env.robots[0], [], []
    while len(outcomes) < 2:
        # Turn towards the goal, then drive.
        (cosine, sine), before_ns = obs[0, -6:-4], robot._held_ns
        forward, turn = 1.0 if cosine > 0.9 else -1.0, np.clip(2.0 * sine, -1.0, 1.0)
        obs, reward, terminated, truncated, info = env.step(np.array([[forward, turn]]))
        assert not info["broken"][0]
        if terminated[0] or truncated[0]:
            outcomes.append(bool(info["success"][0]))
            assert reward[0] > 1.0 or not info["success"][0]
            assert not np.array_equal(info["final_obs"], obs)
        else:
            periods.append(robot._held_ns - before_ns)
    np.testing.assert_array_equal(periods, 100_000_000)
    assert outcomes[0] or outcomes[1]


def test_a_wall_and_gazebos_reset(tmp_path: Path) -> None:
    reset = {"kind": "control_world", "service": "/world/control"}
    program = str(Path(__file__).with_name("controlled_world.py"))
    env = LiveVectorEnv(**live_settings(tmp_path, "static", program, stamped=False, reset=reset))
    try:
        first, _ = env.reset(seed=0)
        # An obstacle stands 5.7 s ahead; a machine with much other work may break off an episode.
        for _ in range(300):
            before = env.robots[0]._episode
            obs, reward, terminated, _, info = env.step(FORWARD)
            if info["collision"][0]:
                break
        assert terminated[0]
        assert reward[0] < -1.0
        assert before.steps == pytest.approx(58, abs=2)
        assert obs[0, :12] == pytest.approx(first[0, :12], abs=0.1)  # the same ranges: back where the world file has it
    finally:
        env.close()


def test_what_cannot_be_is_told(rig: Rig, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="num_envs: expected 1, one for each robot, got 2"):
        LiveVectorEnv(2, **live_settings(tmp_path))
    with pytest.raises(ConfigError, match=r"goals\.world: expected either world or box"):
        LiveVectorEnv(**live_settings(tmp_path, goals={}))
    nobody = LiveVectorEnv(**live_settings(tmp_path, simulator={"start_s": 0.2, "attempts": 2}))
    with pytest.raises(LiveError, match="no episode after 2 starts"):
        nobody.reset()
    nobody.close()


def test_a_second_robot_on_the_same_topics_is_refused(rig: Rig, env: LiveVectorEnv) -> None:
    rig.start(Simulator, "-r", "__ns:=/practice", world="empty", real_time_factor=1.0)
    rig.hear("practice/scan", LaserScan)
    with pytest.raises(ConfigError, match="/practice/scan: expected one publisher: is another simulator running"):
        env.reset()
