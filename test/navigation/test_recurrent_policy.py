"""A policy that remembers: it forgets with a new goal, and keeps robots apart that drive side by side."""

import numpy as np
import pytest
import torch

from dl_robotics.navigation.driver import PolicyDriver, Senses
from dl_robotics.navigation.observation import size
from dl_robotics.navigation.stage import PolicyStage, Sensed
from dl_robotics.navigation.task import Task
from dl_robotics.rl.algorithms import policy_network
from dl_robotics.rl.policy import GreedyPolicy
from dl_robotics.rl.recurrent.recurrent_td3 import RecurrentTD3Config
from dl_robotics.rl.spaces import Continuous

TASK = Task("remembering")
SPACE = Continuous((0.0, -2.0), (0.22, 2.0))


@pytest.fixture
def stage():
    torch.manual_seed(0)
    network = policy_network(RecurrentTD3Config(hidden=(16,)), size(TASK), SPACE)
    with torch.no_grad():
        for weight in network.parameters():
            weight.normal_(0.0, 0.5)
    return PolicyStage(GreedyPolicy(network, size(TASK), SPACE), TASK)


def sensed(number):
    ranges = np.random.default_rng(number).uniform(0.2, 3.0, TASK.lidar.count)
    return Sensed(ranges, (0.1 * number, 0.0, 0.0), (0.1, 0.0), (2.0, 1.0))


def test_a_new_goal_is_a_new_episode(stage):
    first = [stage(sensed(number)) for number in range(3)]
    went_on = stage(sensed(0))
    stage.reset()
    assert [stage(sensed(number)) for number in range(3)] == first
    assert went_on != first[0]


def test_robots_side_by_side_remember_their_own_episodes(stage):
    def rows(robots, step):
        seen = [sensed(10 * robot + step) for robot in robots]
        fields = (np.stack([getattr(one, name) for one in seen]) for name in ("ranges", "pose", "velocity", "goal"))
        return Senses(*fields, np.zeros((len(robots), 2)), np.array(robots))

    def alone(robot, steps):
        driver = PolicyDriver(stage, TASK.lidar.beams)
        return [driver(rows([robot], step))[0] for step in range(steps)][-1]

    driver = PolicyDriver(stage, TASK.lidar.beams)
    driver(rows([0, 1, 2], 0))
    driver(rows([0, 2], 1))  # the second one has arrived
    together = driver(rows([0, 2], 2))
    np.testing.assert_allclose(together, [alone(0, 3), alone(2, 3)], rtol=1e-5)
