"""DQN against numbers worked out by hand."""

import numpy as np
import pytest
import torch

from dl_robotics.config import ConfigError
from dl_robotics.rl.dqn import DQN, DQNConfig
from dl_robotics.rl.replay import Batch

ONE_HOT = np.eye(2, dtype=np.float32)


def set_table(network, table):
    with torch.no_grad():
        network.module[0].weight.copy_(torch.tensor(table).T)


def tabular(online, target=None, **settings):
    """A DQN without hidden layers on one-hot states: row s of a table holds Q(s, .)."""
    learner = DQN(DQNConfig(hidden=(), gamma=0.9, **settings), obs_dim=2, num_actions=2)
    set_table(learner.online, online)
    set_table(learner.target, target or online)
    return learner


# Three transitions into state 1, the last of them terminal.
INTO_STATE_1 = Batch(
    obs=ONE_HOT[[0, 0, 0]],
    action=np.array([0, 1, 0]),
    reward=np.array([1.0, -2.0, 5.0], np.float32),
    next_obs=ONE_HOT[[1, 1, 1]],
    terminated=np.array([False, False, True]),
)
ONLINE = [[0.5, 0.25], [3.0, 4.0]]  # prefers action 1 in state 1
TARGET = [[0.0, 0.0], [7.0, 6.0]]  # prefers action 0, values action 1 at 6


@pytest.mark.parametrize(
    ("double", "expected"),
    [
        (False, [1.0 + 0.9 * 7.0, -2.0 + 0.9 * 7.0, 5.0]),  # max of the target network
        (True, [1.0 + 0.9 * 6.0, -2.0 + 0.9 * 6.0, 5.0]),  # the online network's choice, the target network's value
    ],
)
def test_bellman_target(double, expected):
    learner = tabular(ONLINE, TARGET, double=double)
    assert learner.bellman_target(INTO_STATE_1).tolist() == pytest.approx(expected)


def test_advantage_learning_takes_off_what_an_action_lacks_to_the_best():
    # Q(0, .; target) = (8, 6): action 1 lacks 2, and loses half of that.
    learner = tabular(ONLINE, [[8.0, 6.0], [7.0, 6.0]], double=False, action_gap=0.5)
    expected = [1.0 + 0.9 * 7.0, -2.0 + 0.9 * 7.0 - 0.5 * 2.0, 5.0]
    assert learner.bellman_target(INTO_STATE_1).tolist() == pytest.approx(expected)


def test_advantage_learning_keeps_the_best_value_and_widens_the_gap():
    # One step, rewards 1 and 0.9: Q = (1, 0.9) becomes (1, 1 - 0.1 / (1 - 0.8)).
    learner = tabular([[0.0, 0.0], [0.0, 0.0]], action_gap=0.8)
    batch = Batch(ONE_HOT[[0, 0]], np.array([0, 1]), np.array([1.0, 0.9], np.float32), ONE_HOT, np.array([True, True]))
    for _ in range(100):
        values = learner.bellman_target(batch)
        set_table(learner.target, [values.tolist(), [0.0, 0.0]])
    assert values.tolist() == pytest.approx([1.0, 0.5])


def test_returns_of_several_steps_are_discounted_as_often():
    batch = INTO_STATE_1._replace(steps=np.array([1, 3, 2]))
    target = tabular(ONLINE, TARGET, double=False).bellman_target(batch)
    assert target.tolist() == pytest.approx([1.0 + 0.9 * 7.0, -2.0 + 0.9**3 * 7.0, 5.0])


def test_update_reports_the_huber_loss():
    # Errors 0.5 - 7.3, 0.25 - 4.3 and 0.5 - 5 are beyond 1, where Huber's loss is |error| - 1/2.
    learner = tabular(ONLINE, TARGET, double=False)
    figures = learner.update(INTO_STATE_1)
    assert figures["loss"] == pytest.approx((6.3 + 3.55 + 4.0) / 3)
    assert figures["q"] == pytest.approx((0.5 + 0.25 + 0.5) / 3)
    assert learner.errors.tolist() == pytest.approx([6.8, 4.05, 4.5])


def test_importance_weights_scale_the_loss():
    weight = np.array([1.0, 0.5, 0.0], np.float32)
    figures = tabular(ONLINE, TARGET, double=False).update(INTO_STATE_1._replace(weight=weight))
    assert figures["loss"] == pytest.approx((6.3 + 0.5 * 3.55) / 3)


def test_first_step_moves_only_the_values_that_were_taken():
    # Adam's first step is the learning rate against the gradient's sign; no gradient, no step.
    learner = tabular(ONLINE, TARGET, learning_rate=0.01)
    learner.update(INTO_STATE_1)
    torch.testing.assert_close(learner.online.module[0].weight.T, torch.tensor([[0.51, 0.26], [3.0, 4.0]]))


def test_target_network_follows_every_c_updates():
    learner = tabular(ONLINE, target_update_every=3)
    follows = []
    for _ in range(7):
        learner.update(INTO_STATE_1)
        follows.append(np.array_equal(learner.target.values, learner.online.values))
    assert follows == [False, False, True, False, False, True, False]


def test_gradient_norm_is_bounded():
    learner = tabular(ONLINE, TARGET, max_grad_norm=1e-3)
    learner.update(INTO_STATE_1)
    assert np.linalg.norm(learner.online.gradients) == pytest.approx(1e-3, rel=1e-3)


@pytest.mark.parametrize("settings", [{"hidden": ()}, {"hidden": (16, 16), "duelling": True}])
def test_values_converge_to_those_of_the_chain(settings):
    # 0 -> 1 for nothing, 1 -> end for 1: Q = 0.9 and 1.
    config = DQNConfig(gamma=0.9, learning_rate=0.01, target_update_every=10, **settings)
    learner = DQN(config, obs_dim=2, num_actions=2)
    chain = Batch(
        obs=ONE_HOT[[0, 0, 1, 1]],
        action=np.array([0, 1, 0, 1]),
        reward=np.array([0, 0, 1, 1], np.float32),
        next_obs=ONE_HOT[[1, 1, 0, 0]],
        terminated=np.array([False, False, True, True]),
    )
    for _ in range(1_000):
        learner.update(chain)
    np.testing.assert_allclose(learner.online.forward(ONE_HOT), [[0.9, 0.9], [1.0, 1.0]], atol=0.02)


def test_acts_greedily():
    learner = tabular([[1.0, 2.0], [2.0, 1.0]])
    action = learner.act(ONE_HOT[[0, 1, 1]])
    assert action.tolist() == [1, 0, 0]
    assert action.dtype == np.int64


def test_restored_learner_goes_on_bit_for_bit():
    learner, restored = (DQN(DQNConfig(target_update_every=3), 2, 2, seed) for seed in (0, 1))
    for _ in range(4):
        learner.update(INTO_STATE_1)
    restored.load_state_dict(learner.state_dict())
    for _ in range(4):
        learner.update(INTO_STATE_1)
        restored.update(INTO_STATE_1)
    np.testing.assert_array_equal(restored.online.values, learner.online.values)
    np.testing.assert_array_equal(restored.target.values, learner.target.values)


@pytest.mark.parametrize(
    "settings",
    [
        {"hidden": (0,)},
        {"hidden": (64,), "duelling": True},
        {"gamma": 1.5},
        {"learning_rate": 0.0},
        {"target_update_every": 0},
        {"max_grad_norm": -1.0},
    ],
)
def test_refuses_impossible_settings(settings):
    with pytest.raises(ConfigError, match=next(iter(settings))):
        DQNConfig(**settings)
