"""What is sensed from outside gives the observations, rewards and endings of the simulator's own episodes."""

import numpy as np
import pytest

from dl_robotics.navigation.action import command
from dl_robotics.navigation.build import build_episodes
from dl_robotics.navigation.sensed_episode import SensedEpisode
from dl_robotics.navigation.stage import Sensed

ROBOT = np.zeros(1, np.int64)


def sensed(episodes):
    engine = episodes.engine
    pose, velocity, goal = (tuple(row[0].tolist()) for row in (engine.pose, engine.velocity, episodes.goal))
    return Sensed(engine.ranges[0].copy(), pose, velocity, goal)


@pytest.mark.parametrize(("seed", "ending"), [(0, "collision"), (3, "success")])
def test_one_code_for_simulator_and_topics(seed, ending):
    rng = np.random.default_rng(seed)
    episodes = build_episodes("empty", "burger")
    episodes.begin(ROBOT, rng)
    outside = SensedEpisode(episodes.task, sensed(episodes))
    np.testing.assert_array_equal(outside.obs, episodes.observation(rng)[0])
    over = False
    while not over:
        x, y, yaw = episodes.engine.pose[0]
        bearing = np.arctan2(*(episodes.goal[0] - (x, y))[::-1]) - yaw
        turn = np.sin(bearing) if ending == "success" else rng.normal(0.0, 0.05)
        commands = command(episodes.task.action, np.array([[1.0, turn]]))
        inside = episodes.advance(commands)
        outcome = outside.advance(tuple(commands[0].tolist()), sensed(episodes), bool(episodes.engine.collided[0]))
        for name in ("reward", "terms", "success", "collision", "truncated"):
            np.testing.assert_array_equal(getattr(outcome, name), getattr(inside, name), name)
        np.testing.assert_array_equal(outside.obs, episodes.observation(rng)[0])
        over = bool(outcome.terminated[0] | outcome.truncated[0])
    assert getattr(outcome, ending)[0]
    assert outside.steps == episodes.steps[0]
