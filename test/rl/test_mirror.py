"""Learning in the mirror: what was met on one side alone is known on the other."""

import numpy as np
import pytest
import torch

from dl_robotics import config
from dl_robotics.checkpoint import Checkpoint
from dl_robotics.config import ConfigError
from dl_robotics.rl.dqn import DQN, DQNConfig, q_network
from dl_robotics.rl.mirror import BothSides, Mirror, MirroredReplay, Reflection
from dl_robotics.rl.policy import PolicyConfig, greedy_policy
from dl_robotics.rl.prioritised import PrioritiesConfig, PrioritisedReplay
from dl_robotics.rl.replay import Batch, ReplayBuffer

SWAPPED = Reflection((1, 0), (1.0, 1.0))  # of two discrete actions
FLIP = Reflection((0, 1), (1.0, -1.0))
SAME = Reflection((0, 1), (1.0, 1.0))
OTHER_SIDE = np.array([1.0, -1.0], np.float32)


def lefts(count, rng):
    """Ends of episodes in observations (ahead, side), side always to the left (> 0), where action 0 pays 1."""
    obs = rng.uniform(0.2, 1.0, (count, 2)).astype(np.float32)
    action = rng.integers(2, size=count)
    return Batch(obs, action, (action == 0).astype(np.float32), obs + 1.0, np.ones(count, np.bool_))


def test_every_second_transition_is_mirrored_whole():
    stored = lefts(64, np.random.default_rng(0))
    for plain in (ReplayBuffer(64, 2), PrioritisedReplay(PrioritiesConfig(), 64, 2)):
        replay = MirroredReplay(plain, Mirror(FLIP, SWAPPED))
        replay.add(stored)
        assert len(replay) == 64
        batch = replay.sample(32, np.random.default_rng(1))
        straight = MirroredReplay(plain, Mirror(SAME, SAME))
        before = straight.sample(32, np.random.default_rng(1))
        odd = np.arange(32) % 2 == 1
        sign = np.where(odd, 1.0, -1.0)
        for seen, was in ((batch.obs, before.obs), (batch.next_obs, before.next_obs)):
            np.testing.assert_array_equal(seen, np.stack([was[:, 0], was[:, 1] * sign], axis=1))
        np.testing.assert_array_equal(batch.action, np.where(odd, before.action, 1 - before.action))
        np.testing.assert_array_equal(batch.reward, before.reward)
        replay.learned(np.ones(32, np.float32))


def test_actions_of_a_box_are_mirrored_number_by_number():
    buffer = ReplayBuffer(8, 2, (2,), np.float32)
    actions = np.random.default_rng(0).uniform(-1.0, 1.0, (8, 2)).astype(np.float32)
    obs = np.ones((8, 2), np.float32)
    buffer.add(Batch(obs, actions, actions[:, 0], obs, np.zeros(8, np.bool_)))
    batch = MirroredReplay(buffer, Mirror(FLIP, FLIP)).sample(6, np.random.default_rng(1))
    was = buffer.sample(6, np.random.default_rng(1))
    np.testing.assert_array_equal(batch.action[::2], was.action[::2] * OTHER_SIDE)
    np.testing.assert_array_equal(batch.action[1::2], was.action[1::2])


def test_a_policy_that_looks_from_both_sides_is_alike_to_both():
    mirror = Mirror(FLIP, SWAPPED)
    network = q_network(DQNConfig(hidden=(16, 16)), 2, 2, torch.Generator().manual_seed(0))
    both = BothSides(network, mirror)
    x = torch.randn(64, 2, generator=torch.Generator().manual_seed(1))
    there = x * torch.tensor([1.0, -1.0])
    torch.testing.assert_close(both(there), both(x)[:, [1, 0]])
    torch.testing.assert_close(both(x), (network(x) + network(there)[:, [1, 0]]) / 2)
    assert not torch.allclose(network(there), network(x)[:, [1, 0]], atol=1e-3)
    assert set(both.state_dict()) == {f"network.{name}" for name in network.state_dict()}


def test_a_mirrored_policy_is_read_back():
    mirror = Mirror(FLIP, SWAPPED)
    network = q_network(DQNConfig(hidden=(16, 16)), 2, 2, torch.Generator().manual_seed(0))
    described = PolicyConfig(DQNConfig(hidden=(16, 16)), obs_dim=2, num_actions=2, mirror=mirror)
    saved = Checkpoint("dqn", network.state_dict(), config.to_dict(described))
    obs = np.random.default_rng(0).standard_normal((200, 2)).astype(np.float32)
    policy = greedy_policy(saved)
    np.testing.assert_array_equal(policy(obs * OTHER_SIDE), 1 - policy(obs))


@pytest.mark.parametrize(
    ("key", "value", "named"),
    [
        ("mirror.obs.source", [1, 1], r"config\.mirror\.obs\.source: expected numbers that lead to each other"),
        ("mirror.obs.source", [0, 7], r"config\.mirror\.obs\.source: expected numbers that lead to each other"),
        ("mirror.obs.sign", [1.0, 2.0], r"config\.mirror\.obs\.sign: expected 1 or -1"),
        ("mirror.action", {"source": [0], "sign": [1.0]}, r"config\.mirror\.action: expected 2 numbers, got 1"),
        ("mirror.obs", {"source": [0, 1, 2], "sign": [1.0] * 3}, r"config\.mirror\.obs: expected 2 numbers, got 3"),
    ],
)
def test_a_mirror_that_does_not_fit_is_refused_by_key(key, value, named):
    described = PolicyConfig(DQNConfig(hidden=(16, 16)), obs_dim=2, num_actions=2, mirror=Mirror(FLIP, SWAPPED))
    plain = config.to_dict(described)
    *path, last = key.split(".")
    part = plain
    for name in path:
        part = part[name]
    part[last] = value
    with pytest.raises(ConfigError, match=named):
        greedy_policy(Checkpoint("dqn", {}, plain))


def test_what_was_learned_on_the_left_is_known_on_the_right():
    rng, right = np.random.default_rng(0), {}
    for name, action in (("mirrored", SWAPPED), ("plain", None)):
        plain = ReplayBuffer(500, 2)
        replay = plain if action is None else MirroredReplay(plain, Mirror(FLIP, action))
        replay.add(lefts(500, np.random.default_rng(2)))
        learner = DQN(DQNConfig(hidden=(32, 32)), 2, 2, seed=0)
        for _ in range(300):
            learner.update(replay.sample(32, rng))
        obs = lefts(200, np.random.default_rng(3)).obs
        assert (learner.act(obs) == 0).mean() > 0.95
        right[name] = (learner.act(obs * OTHER_SIDE) == 1).mean()
    assert right["mirrored"] > 0.95
    assert right["plain"] < 0.5


def test_a_mirrored_replay_goes_on_from_its_state():
    replays = [MirroredReplay(ReplayBuffer(50, 2), Mirror(FLIP, SWAPPED)) for _ in range(2)]
    replays[0].add(lefts(50, np.random.default_rng(0)))
    replays[1].load_state_dict(replays[0].state_dict())
    first, second = (replay.sample(16, np.random.default_rng(5)) for replay in replays)
    np.testing.assert_array_equal(first.obs, second.obs)
