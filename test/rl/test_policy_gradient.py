"""Returns, advantages and the learners that follow them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_robotics.rl.a2c import A2C, A2CConfig
from dl_robotics.rl.policy import GreedyPolicy
from dl_robotics.rl.reinforce import Reinforce, ReinforceConfig
from dl_robotics.rl.replay import Batch
from dl_robotics.rl.rollout import Rollout, RolloutBuffer, generalised_advantages, returns
from dl_robotics.rl.spaces import Continuous, Discrete

SMALL = {"hidden": (16,), "learning_rate": 0.02}
LEARNERS = {
    "a2c": lambda space: A2C(A2CConfig(rollout_steps=8, **SMALL), 2, space),
    "reinforce": lambda space: Reinforce(ReinforceConfig(episodes_per_update=16, **SMALL), 2, space),
}
THREE, PLANE = Discrete(3), Continuous((-1.0, -1.0), (1.0, 1.0))


def column(*values):
    return np.array(values, np.float32)[:, None]


def rollout(reward, terminated, ended):
    obs = np.zeros((len(reward), 1, 1), np.float32)
    flags = (np.array(flag, np.bool_)[:, None] for flag in (terminated, ended))
    return Rollout(obs, np.zeros((len(reward), 1), np.int64), column(*reward), obs, *flags, np.ones((5, 1), np.bool_))


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


def trained(learner, reward, updates):
    """Two states, episodes of one step; greedy actions in both states after so many updates."""
    rng, buffer = np.random.default_rng(0), RolloutBuffer()
    states, ended = np.eye(2, dtype=np.float32), np.ones(32, np.bool_)
    while learner.updates < updates:
        obs = states[rng.integers(2, size=32)]
        action = learner.sample(obs, rng)
        buffer.add(Batch(obs, action, reward(obs, action).astype(np.float32), obs, ended), ended)
        if learner.due(buffer):
            learner.update(learner.take(buffer))
    return GreedyPolicy(learner.network, 2, learner.space)(states)


@pytest.mark.parametrize("name", LEARNERS)
def test_learns_what_pays(name):
    def pays(obs, action):
        return action == np.where(obs[:, 0] > 0, 0, 2)

    assert trained(LEARNERS[name](THREE), pays, 150).tolist() == [0, 2]


@pytest.mark.parametrize("name", LEARNERS)
def test_learns_where_it_pays(name):
    def nearness(obs, action):
        return -np.square(action - obs * np.array([0.6, -0.4])).sum(axis=1)  # best at (0.6, 0) and at (0, -0.4)

    learner = LEARNERS[name](PLANE)
    np.testing.assert_allclose(trained(learner, nearness, 300), [[0.6, 0.0], [0.0, -0.4]], atol=0.1)
    assert (learner.policy.network.module.log_std < np.log(0.5)).all()  # it has become surer, from 1


def test_samples_follow_the_policy():
    learner = LEARNERS["a2c"](THREE)
    learner.policy.network.values[:] = 0.0
    learner.policy.network.module[-1].bias.data[:] = learner.policy.network.module[-1].bias.new_tensor([0.0, 1.0, 2.0])
    action = learner.sample(np.zeros((20_000, 2), np.float32), np.random.default_rng(0))
    expected = np.exp([0, 1, 2]) / np.exp([0, 1, 2]).sum()
    assert np.bincount(action) / 20_000 == pytest.approx(expected, abs=5 * 0.5 / np.sqrt(20_000))


def test_continuous_samples_follow_the_policy():
    learner = LEARNERS["a2c"](PLANE)
    network = learner.policy.network.module
    network.mean[-1].bias.data[:] = network.log_std.new_tensor([0.5, -2.0])
    network.log_std.data[:] = network.log_std.new_tensor([0.1, 2.0]).log()
    action = learner.sample(np.zeros((20_000, 2), np.float32), np.random.default_rng(0))
    assert action.dtype == np.float32
    near = 5 * np.array([0.1, 2.0]) / np.sqrt(20_000)
    assert (np.abs(action.mean(axis=0) - [0.5, -2.0]) < near).all()
    assert (np.abs(action.std(axis=0) - [0.1, 2.0]) < near).all()


def test_reinforce_waits_for_whole_episodes():
    learner, buffer = LEARNERS["reinforce"](THREE), RolloutBuffer()
    obs = np.zeros((20, 2), np.float32)
    for ended in (np.arange(20) < 10, np.arange(20) < 6):
        assert not learner.due(buffer)
        buffer.add(Batch(obs, np.zeros(20, np.int64), np.ones(20, np.float32), obs, ended), ended)
    assert learner.due(buffer)
    assert np.isfinite(learner.update(learner.take(buffer))["loss"])


@settings(deadline=None)
@given(
    lengths=st.lists(st.lists(st.integers(1, 6), min_size=1, max_size=5), min_size=1, max_size=4),
    every=st.integers(1, 7),
)
def test_every_step_of_every_episode_is_taken_once(lengths, every):
    """Environments with episodes of given lengths, the last of which never ends; rewards number the steps."""
    steps = min(map(sum, lengths))
    ends = np.zeros((steps, len(lengths)), np.bool_)
    for env, episodes in enumerate(lengths):
        last = np.cumsum(episodes) - 1
        ends[last[last < steps], env] = True
    taken, buffer = [], RolloutBuffer()
    number = np.arange(steps * len(lengths), dtype=np.float32).reshape(steps, -1)
    for row, ended in zip(number, ends, strict=True):
        buffer.add(Batch(row[:, None], row, row, row[:, None], ended), ended)
        if buffer.episodes >= every:
            rollout = buffer.take_episodes()
            assert rollout.whole.sum() > 0
            taken += rollout.reward[rollout.whole].tolist()
    if len(buffer):
        rollout = buffer.take_episodes()
        taken += rollout.reward[rollout.whole].tolist()
    finished = np.logical_or.accumulate(ends[::-1])[::-1]
    assert sorted(taken) == number[finished].tolist()


def test_only_running_episodes_stay():
    buffer = RolloutBuffer()
    for step in range(100):
        ended = np.array([step % 5 == 4, step == 99])
        buffer.add(Batch(np.zeros((2, 1), np.float32), ended, ended, ended, ended), ended)
    buffer.take_episodes()
    assert (len(buffer), buffer.episodes) == (0, 0)


@pytest.mark.parametrize("action", [np.arange(2), np.ones((2, 3), np.float32)])
@pytest.mark.parametrize("taken", [False, True])
def test_buffer_goes_on_where_it_was(action, taken):
    buffer, restored = RolloutBuffer(), RolloutBuffer()
    obs = np.arange(4, dtype=np.float32).reshape(2, 2)
    for step in range(5):
        ended = np.array([step == 1, step == 3])
        buffer.add(Batch(obs + step, action, obs[:, 0], obs + 1, ended), ended)
        if taken and step == 2:
            buffer.take_episodes()
    restored.load_state_dict(buffer.state_dict())
    assert (len(restored), restored.episodes) == (len(buffer), buffer.episodes) == ((5, 1) if taken else (5, 2))
    for ours, theirs in zip(buffer.take_episodes(), restored.take_episodes(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert len(buffer) == len(restored) == 3


def test_an_empty_buffer_is_restored():
    buffer = RolloutBuffer()
    buffer.load_state_dict(RolloutBuffer().state_dict())
    assert (len(buffer), buffer.episodes) == (0, 0)
