"""Learners with a memory: their targets by hand, what only they can learn, and going on where they were."""

import numpy as np
import pytest
import torch

from dl_robotics.config import ConfigError
from dl_robotics.rl.algorithms import make_recurrent_learner, policy_network
from dl_robotics.rl.policy import GreedyPolicy
from dl_robotics.rl.recurrent.drqn import DRQN, DRQNConfig
from dl_robotics.rl.recurrent.learner import n_step_target, tensors
from dl_robotics.rl.recurrent.network import MemoryConfig
from dl_robotics.rl.recurrent.recurrent_td3 import RecurrentTD3, RecurrentTD3Config
from dl_robotics.rl.recurrent.sequences import Sequences
from dl_robotics.rl.spaces import Continuous, Discrete

MEMORY = MemoryConfig(units=16, length=4, burn_in=2)
BOX = Continuous((-2.0,), (2.0,))
LEARNERS = {
    "drqn": (DRQNConfig(hidden=(16,), memory=MEMORY, learning_rate=5e-3, target_rate=0.05), Discrete(2)),
    "recurrent_td3": (
        RecurrentTD3Config(
            hidden=(16,), memory=MEMORY, actor_learning_rate=5e-3, critic_learning_rate=5e-3, target_rate=0.05
        ),
        BOX,
    ),
}


def recall_task(space, count, rng):
    """A cue of -1 or 1, two steps of nothing, and a reward for acting as the cue said: nothing else tells it."""
    cue = rng.integers(2, size=count)
    obs = np.zeros((count, 7, 2), np.float32)
    obs[:, 0, 0] = 2.0 * cue - 1.0
    obs[:, 2, 1] = 1.0  # now
    discrete = isinstance(space, Discrete)
    action = rng.integers(2, size=(count, 6)) if discrete else rng.uniform(-1, 1, (count, 6, 1)).astype(np.float32)
    reward, terminated, counts = (
        np.zeros((count, 6), np.float32),
        np.zeros((count, 6), bool),
        np.zeros((count, 6), bool),
    )
    done = action[:, 2]
    reward[:, 2] = done == cue if discrete else 1.0 - np.square(done[:, 0] - 0.5 * obs[:, 0, 0])
    terminated[:, 2] = counts[:, :3] = True
    return Sequences(obs, action, reward, terminated, counts, np.zeros((count, MEMORY.units), np.float32)), cue


def act_through(policy, obs):
    policy.reset()
    return [policy(obs[:, step]) for step in range(3)][-1]


@pytest.mark.parametrize("name", LEARNERS)
def test_acts_on_what_it_has_seen_before(name):
    config, space = LEARNERS[name]
    learner, rng = make_recurrent_learner(config, 2, space, seed=0), np.random.default_rng(0)
    for step in range(500):
        learner.pace = min(1.0, 1.0 - (step - 300) / 200)  # falls after 300 updates, so that it comes to rest
        figures = learner.update(recall_task(space, 32, rng)[0])
    assert np.isfinite(list(figures.values())).all()
    batch, cue = recall_task(space, 64, rng)
    actions = act_through(GreedyPolicy(learner.policy(), 2, space), batch.obs)
    if isinstance(space, Discrete):
        assert actions.tolist() == cue.tolist()
    else:  # the policy's action of 0.5 is 1 in the box from -2 to 2
        np.testing.assert_allclose(actions[:, 0], 2.0 * cue - 1.0, atol=0.3)


def test_double_q_target():
    learner = DRQN(DRQNConfig(hidden=(4,), memory=MEMORY, gamma=0.5), 2, 2)
    with torch.no_grad():
        head = learner.target.module.head[0]
        head.weight.zero_()
        head.bias.copy_(torch.tensor([10.0, 20.0]))
    batch, _ = recall_task(Discrete(2), 3, np.random.default_rng(0))
    obs, _, reward, terminated, _, state = tensors(batch)
    ours = torch.zeros(3, 7, 2)
    ours[0, 2, 1] = ours[1, 2, 0] = 1.0  # after step 1, the first sequence prefers action 1, the second action 0
    target = learner.bellman_target(ours, obs, reward, terminated, state)
    assert target[:2, 1].tolist() == [10.0, 5.0]  # gamma times what the target network thinks of that action
    assert target[:, 2].tolist() == reward[:, 2].tolist()  # the end


def test_twin_target_is_the_smaller_one():
    learner = RecurrentTD3(RecurrentTD3Config(hidden=(4,), memory=MEMORY, smoothing=0.0), 2, 1)
    with torch.no_grad():
        for head, value in zip(learner.targets[1].module.heads, (6.0, 8.0), strict=True):
            head[-1].weight.zero_()
            head[-1].bias.fill_(value)
    obs, action, *_, state = tensors(recall_task(BOX, 3, np.random.default_rng(0))[0])
    torch.testing.assert_close(learner.value_after(obs, action, state), torch.full((3, 6), 6.0))


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (1, [[21.0, 42.0, 84.0, 168.0, 320.0], [21.0, 42.0, 4.0, 168.0, 320.0]]),
        (2, [[22.0, 44.0, 84.0, 168.0, 320.0], [22.0, 4.0, 4.0, 168.0, 320.0]]),
        (3, [[23.0, 44.0, 84.0, 168.0, 320.0], [3.0, 4.0, 4.0, 168.0, 320.0]]),
    ],
)
def test_targets_of_several_steps_stay_within_what_counts(steps, expected):
    # Rewards 1, 2, 4, 8; values 40, 80, ... discounted by half. Three steps count; the second episode ends with them.
    reward = torch.tensor([[1.0, 2.0, 4.0, 8.0, 0.0]]).repeat(2, 1)
    after = torch.tensor([[40.0, 80.0, 160.0, 320.0, 640.0]]).repeat(2, 1)
    after[1, 2] = 0.0
    counts = torch.tensor([[True, True, True, False, False]]).repeat(2, 1)
    assert n_step_target(reward, after, counts, 0.5, steps).tolist() == expected


@pytest.mark.parametrize("name", LEARNERS)
def test_steps_that_do_not_count_change_nothing(name):
    config, space = LEARNERS[name]
    learners = [make_recurrent_learner(config, 2, space, seed=0) for _ in range(2)]
    batch, _ = recall_task(space, 8, np.random.default_rng(0))
    wild = batch._replace(obs=batch.obs.copy(), reward=batch.reward.copy())
    wild.obs[:, 4:] = wild.reward[:, 3:] = 1e3
    for learner, given in zip(learners, (batch, wild), strict=True):
        if name == "recurrent_td3":
            learner.rng.manual_seed(0)
        for _ in range(3):
            learner.update(given)
    weights = [learner.policy().state_dict() for learner in learners]
    for key, value in weights[0].items():
        torch.testing.assert_close(value, weights[1][key])


@pytest.mark.parametrize("name", LEARNERS)
def test_restored_learner_goes_on_bit_for_bit(name):
    config, space = LEARNERS[name]
    rng = np.random.default_rng(0)
    batches = [recall_task(space, 8, rng)[0] for _ in range(7)]
    learner, restored = (make_recurrent_learner(config, 2, space, seed) for seed in (0, 1))
    for batch in batches[:4]:
        learner.update(batch)
    restored.load_state_dict(learner.state_dict())
    for batch in batches[4:]:
        assert learner.update(batch) == restored.update(batch)
    for key, value in learner.policy().state_dict().items():
        assert torch.equal(value, restored.policy().state_dict()[key])


@pytest.mark.parametrize("name", LEARNERS)
def test_collecting_and_judging_remember_alike(name):
    config, space = LEARNERS[name]
    learner = make_recurrent_learner(config, 2, space, seed=0)
    policy = GreedyPolicy(learner.policy(), 2, space)
    obs = np.random.default_rng(0).standard_normal((5, 3, 2)).astype(np.float32)
    state = np.zeros((3, MEMORY.units), np.float32)
    for step in range(5):
        ended = np.array([False, step == 2, False])
        action, state = learner.act(obs[step], state)
        np.testing.assert_allclose(policy(obs[step]), space.outwards(action), rtol=1e-6)
        state = np.where(ended[:, None], np.float32(0.0), state)
        policy.reset(ended)


def test_a_policy_knows_its_episodes_by_number():
    network = policy_network(LEARNERS["drqn"][0], 2, Discrete(2))
    obs = torch.from_numpy(np.random.default_rng(0).standard_normal((2, 3, 2)).astype(np.float32))
    with torch.no_grad():
        network(obs[0])
        whole = network(obs[1])
        network.reset()
        network(obs[0])
        some = network(obs[1, [2, 0]], np.array([2, 0]))
        network(obs[0, :1], np.array([6]))  # one that begins late
        torch.testing.assert_close(network(obs[1, 1:2], np.array([1])), whole[1:2])
    torch.testing.assert_close(some, whole[[2, 0]])


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        (DRQNConfig, {"hidden": ()}),
        (DRQNConfig, {"learning_rate": 0.0}),
        (DRQNConfig, {"target_rate": 0.0}),
        (DRQNConfig, {"gamma": 1.0}),
        (RecurrentTD3Config, {"hidden": ()}),
        (RecurrentTD3Config, {"normalise": True}),
        (RecurrentTD3Config, {"policy_delay": 0}),
        (RecurrentTD3Config, {"smoothing": -1.0}),
        (MemoryConfig, {"units": 0}),
        (MemoryConfig, {"length": 0}),
        (MemoryConfig, {"burn_in": -1}),
    ],
)
def test_refuses_impossible_settings(kind, settings):
    with pytest.raises(ConfigError, match=next(iter(settings))):
        kind(**settings)


@pytest.mark.parametrize(("name", "space"), [("drqn", BOX), ("recurrent_td3", Discrete(2))])
def test_refuses_the_other_space(name, space):
    with pytest.raises(ConfigError, match=name):
        make_recurrent_learner(LEARNERS[name][0], 2, space, seed=0)
