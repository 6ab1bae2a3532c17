"""From a checkpoint to actions."""

import numpy as np
import pytest

from dl_robotics.checkpoint import Checkpoint
from dl_robotics.config import ConfigError, to_dict
from dl_robotics.rl.dqn import DQN, DQNConfig
from dl_robotics.rl.policy import PolicyConfig, greedy_policy

CONFIG = DQNConfig(hidden=(8,), activation="tanh")


def saved(learner, **changes):
    config = to_dict(PolicyConfig(CONFIG, obs_dim=3, num_actions=4)) | changes
    return Checkpoint("dqn", learner.policy().state_dict(), config)


def test_acts_as_the_learner_does_greedily():
    rng = np.random.default_rng(0)
    learner = DQN(CONFIG, obs_dim=3, num_actions=4)
    policy = greedy_policy(saved(learner))
    obs = rng.normal(size=(50, 3)).astype(np.float32)
    np.testing.assert_array_equal(policy(obs), learner.act(obs))
    assert policy.obs_dim == 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"num_actions": 5}, "weights: expected shapes"),
        ({"obs_dim": "3"}, "config.obs_dim: expected int"),
        ({"algorithm": {"kind": "sarsa"}}, "config.algorithm.kind"),
        ({"num_actions": None}, "config.num_actions: expected either num_actions or actions"),
        ({"algorithm": {"kind": "td3"}}, "algorithm.kind: 'td3' expects an environment with continuous actions"),
        ({"extra": 1}, "config.extra: unknown key"),
    ],
)
def test_refuses_what_is_no_policy(changes, message):
    with pytest.raises(ConfigError, match=message):
        greedy_policy(saved(DQN(CONFIG, 3, 4), **changes))
