"""DDPG and TD3: their targets by hand, and an optimum that both must find."""

import numpy as np
import pytest

from dl_robotics.config import ConfigError
from dl_robotics.rl.ddpg import DDPG, DDPGConfig
from dl_robotics.rl.normalisation import Normaliser
from dl_robotics.rl.policy import GreedyPolicy
from dl_robotics.rl.replay import Batch
from dl_robotics.rl.spaces import Continuous
from dl_robotics.rl.td3 import TD3, TD3Config

LEARNERS = {"ddpg": (DDPG, DDPGConfig), "td3": (TD3, TD3Config)}


def make(name, seed=0, **settings):
    learner, config = LEARNERS[name]
    return learner(config(**settings), obs_dim=1, action_dim=1, seed=seed)


def set_constant(network, value):
    """A network without hidden layers that gives one number, whatever comes."""
    network.values[:] = 0.0
    network.module[0].bias.data[:] = value


BATCH = Batch(
    obs=np.ones((2, 1), np.float32),
    action=np.zeros((2, 1), np.float32),
    reward=np.array([1.0, 2.0], np.float32),
    next_obs=np.ones((2, 1), np.float32),
    terminated=np.array([False, True]),
)


def test_ddpg_target_is_the_target_critic_at_the_target_action():
    learner = make("ddpg", hidden=(), gamma=0.5)
    set_constant(learner.actor.target, np.arctanh(0.5))
    critic = learner.critics[0].target
    critic.module[0].weight.data[0] = critic.module[0].weight.new_tensor([0.0, 4.0])  # Q = 4 a = 2
    assert learner.bellman_target(BATCH).tolist() == pytest.approx([2.0, 2.0])


def test_td3_target_is_the_lesser_critic():
    learner = make("td3", hidden=(), gamma=0.5)
    for critic, value in zip(learner.critics, (7.0, 3.0), strict=True):
        set_constant(critic.target, value)
    assert learner.bellman_target(BATCH).tolist() == pytest.approx([2.5, 2.0])


def test_td3_smooths_its_target_within_limits():
    learner = make("td3", hidden=(), gamma=0.5, smoothing=10.0, smoothing_limit=0.3)
    set_constant(learner.actor.target, 0.0)
    for critic in learner.critics:
        set_constant(critic.target, 0.0)
        critic.target.module[0].weight.data[0, 1] = 2.0  # Q = 2 a
    values = np.concatenate([learner.bellman_target(BATCH)[:1] for _ in range(50)])
    # a is nearly always cut to -0.3 or 0.3: y = 1 + 0.5 * 2 a.
    assert values.min() == pytest.approx(0.7)
    assert values.max() == pytest.approx(1.3)


def test_td3_delays_its_actor():
    learner = make("td3", hidden=(8,), policy_delay=3)
    before, moved, told = learner.actor.network.values.copy(), [], []
    for _ in range(4):
        told.append("q" in learner.update(BATCH))
        moved.append(not np.array_equal(learner.actor.network.values, before))
    assert moved == [False, False, True, True]
    assert told == [False, False, True, False]


@pytest.mark.parametrize("name", LEARNERS)
@pytest.mark.parametrize("normalise", [False, True])
def test_finds_the_best_action(name, normalise):
    """One step, reward -(a - s / 2)^2: the best action is half the state, which comes in odd units."""
    learner, rng = make(name, hidden=(32, 32), normalise=normalise, actor_learning_rate=3e-3), np.random.default_rng(0)
    shift, scale = (5.0, 2.0) if normalise else (0.0, 1.0)
    for _ in range(600):
        state, action = rng.uniform(-1, 1, (2, 64, 1)).astype(np.float32)
        obs = np.float32(shift) + np.float32(scale) * state
        learner.observe(obs)
        reward = -((action - state / 2) ** 2)[:, 0]
        learner.update(Batch(obs, action, reward, obs, np.ones(64, np.bool_)))
    state = np.linspace(-0.9, 0.9, 7, dtype=np.float32)[:, None]
    obs = np.float32(shift) + np.float32(scale) * state
    np.testing.assert_allclose(learner.act(obs), state / 2, atol=0.2)  # the critic is rough at the edges
    policy = GreedyPolicy(learner.policy(), 1, Continuous((0.0,), (10.0,)))
    np.testing.assert_allclose(policy(obs), 5.0 + 5.0 * learner.act(obs), atol=1e-3)


@pytest.mark.parametrize("name", LEARNERS)
def test_restored_learner_continues_bit_for_bit(name):
    learner, restored = (make(name, seed, hidden=(8,), normalise=True) for seed in (0, 1))
    for round_ in range(2):
        for part in (learner, restored):
            part.observe(np.array([[1.0 + round_], [2.0]], np.float32))
            for _ in range(3):
                part.update(BATCH)
        if round_ == 0:
            restored.load_state_dict(learner.state_dict())
    for ours, theirs in zip((learner.actor, *learner.critics), (restored.actor, *restored.critics), strict=True):
        np.testing.assert_array_equal(ours.network.values, theirs.network.values)
        np.testing.assert_array_equal(ours.target.values, theirs.target.values)


def test_normaliser_keeps_mean_and_variance_of_all_it_saw():
    rng = np.random.default_rng(0)
    obs = (rng.standard_normal((100, 2)) * [3.0, 0.0] + [1.0, 4.0]).astype(np.float32)
    normaliser = Normaliser(2)
    for part in np.split(obs, [10, 11, 60]):
        normaliser.add(part)
    np.testing.assert_allclose(normaliser.shift, obs.mean(axis=0), rtol=1e-5)
    assert normaliser.scale[0] == pytest.approx(1.0 / obs[:, 0].std(), rel=1e-5)
    assert normaliser(obs)[:, 1] == pytest.approx(0.0)  # what never changes is only shifted


@pytest.mark.parametrize(
    "settings", [{"target_rate": 0.0}, {"gamma": 1.0}, {"actor_learning_rate": 0.0}, {"policy_delay": 0}]
)
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(ConfigError, match=next(iter(settings))):
        TD3Config(**settings)
