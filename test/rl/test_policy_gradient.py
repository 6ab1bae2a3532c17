"""Returns, advantages and the learners that follow them."""

import numpy as np
import pytest

from dl_robotics.rl.a2c import A2C, A2CConfig
from dl_robotics.rl.reinforce import Reinforce, ReinforceConfig
from dl_robotics.rl.replay import Batch
from dl_robotics.rl.rollout import Rollout, RolloutBuffer, generalised_advantages, returns

LEARNERS = {
    "a2c": lambda: A2C(A2CConfig(hidden=(16,), rollout_steps=8, learning_rate=0.02), 2, 3),
    "reinforce": lambda: Reinforce(ReinforceConfig(hidden=(16,), episodes_per_update=16, learning_rate=0.02), 2, 3),
}


def column(*values):
    return np.array(values, np.float32)[:, None]


def rollout(reward, terminated, ended):
    obs = np.zeros((len(reward), 1, 1), np.float32)
    flags = (np.array(flag, np.bool_)[:, None] for flag in (terminated, ended))
    return Rollout(obs, np.zeros((len(reward), 1), np.int64), column(*reward), obs, *flags)


# Termination after step 1, time-out after step 3, cut after step 4.
STEPS = rollout([1, 2, 4, 8, 16], [0, 1, 0, 0, 0], [0, 1, 0, 1, 0])
NEXT_VALUE = column(100, 100, 100, 10, 20)


def test_returns_end_with_episodes_and_bootstrap_where_they_are_cut():
    found = returns(STEPS, 0.5, NEXT_VALUE)[:, 0]
    assert found.tolist() == [1 + 0.5 * 2, 2, 4 + 0.5 * (8 + 0.5 * 10), 8 + 0.5 * 10, 16 + 0.5 * 20]


def test_advantages_of_lambda_1_are_returns_less_values():
    value, next_value = column(3, 1, 4, 1, 5), column(1, 9, 1, 10, 20)  # V(s') of a running episode is the next V(s)
    found = generalised_advantages(STEPS, 0.5, 1.0, value, next_value)
    np.testing.assert_allclose(found, returns(STEPS, 0.5, next_value) - value)


def test_advantages_of_lambda_0_are_temporal_differences():
    value = column(3, 1, 4, 1, 5)
    found = generalised_advantages(STEPS, 0.5, 0.0, value, NEXT_VALUE)[:, 0]
    assert found.tolist() == [1 + 50 - 3, 2 - 1, 4 + 50 - 4, 8 + 5 - 1, 16 + 10 - 5]


def bandit(learner, updates):
    """Two states, three actions; action 0 pays in the first state, action 2 in the second; one step each."""
    rng, buffer = np.random.default_rng(0), RolloutBuffer()
    states = np.eye(2, dtype=np.float32)
    while learner.updates < updates:
        obs = states[rng.integers(2, size=32)]
        action = learner.sample(obs, rng)
        reward = (action == np.where(obs[:, 0] > 0, 0, 2)).astype(np.float32)
        buffer.add(Batch(obs, action, reward, obs, np.ones(32, np.bool_)), np.ones(32, np.bool_))
        if learner.due(buffer):
            learner.update(buffer.rollout())
            buffer.clear()
    return learner.policy.network.forward(states).argmax(axis=1).tolist()


@pytest.mark.parametrize("name", LEARNERS)
def test_learns_what_pays(name):
    assert bandit(LEARNERS[name](), 150) == [0, 2]


def test_samples_follow_the_policy():
    learner = LEARNERS["a2c"]()
    learner.policy.network.values[:] = 0.0
    learner.policy.network.module[-1].bias.data[:] = learner.policy.network.module[-1].bias.new_tensor([0.0, 1.0, 2.0])
    action = learner.sample(np.zeros((20_000, 2), np.float32), np.random.default_rng(0))
    expected = np.exp([0, 1, 2]) / np.exp([0, 1, 2]).sum()
    assert np.bincount(action) / 20_000 == pytest.approx(expected, abs=5 * 0.5 / np.sqrt(20_000))


def test_reinforce_waits_for_whole_episodes_and_drops_the_rest():
    learner, buffer = LEARNERS["reinforce"](), RolloutBuffer()
    obs = np.zeros((20, 2), np.float32)
    for ended in (np.arange(20) < 10, np.arange(20) < 6):
        assert not learner.due(buffer)
        buffer.add(Batch(obs, np.zeros(20, np.int64), np.ones(20, np.float32), obs, ended), ended)
    assert learner.due(buffer)
    assert np.isfinite(learner.update(buffer.rollout())["loss"])


def test_buffer_goes_on_where_it_was():
    buffer, restored = RolloutBuffer(), RolloutBuffer()
    obs, flags = np.arange(4, dtype=np.float32).reshape(2, 2), np.array([True, False])
    for _ in range(3):
        buffer.add(Batch(obs, np.arange(2), obs[:, 0], obs + 1, flags), flags)
    restored.load_state_dict(buffer.state_dict())
    assert (len(restored), restored.episodes) == (3, 3)
    for ours, theirs in zip(buffer.rollout(), restored.rollout(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
