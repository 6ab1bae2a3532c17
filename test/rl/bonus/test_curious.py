"""Rewards and bonuses are valued apart: acted on together, judged by rewards alone, and only bonuses outlive an end."""

import numpy as np
import pytest
import torch

from dl_robotics.rl.bonus.curious import CuriousDQN
from dl_robotics.rl.bonus.distillation import Distillation, DistillationConfig
from dl_robotics.rl.bonus.visits import Visits, VisitsConfig
from dl_robotics.rl.dqn import DQN, DQNConfig
from dl_robotics.rl.replay import Batch

DIM, ACTIONS = 3, 2
PLACES = np.eye(DIM, dtype=np.float32)


def make(seed=0, bonus=None, **settings):
    config = DQNConfig(**{"hidden": (), "learning_rate": 0.05, "target_update_every": 1, **settings})
    rewards, novelty = (DQN(config, DIM, ACTIONS, seed + number) for number in (0, 1))
    return CuriousDQN(rewards, novelty, bonus or Visits(VisitsConfig(cell=0.5)))


def step(obs, action, reward, next_obs, terminated):
    rows = np.array(obs), np.array(next_obs)
    return Batch(PLACES[rows[0]], np.array(action), np.array(reward, np.float32), PLACES[rows[1]], np.array(terminated))


def constant(learner, values):
    """Let a linear network tell these values everywhere."""
    with torch.no_grad():
        layer = learner.online.module[0]
        layer.weight.zero_()
        layer.bias.copy_(torch.tensor(values))


def test_acts_by_both_and_is_judged_by_rewards():
    learner = make()
    constant(learner.rewards, [1.0, 0.0])
    constant(learner.novelty, [0.0, 3.0])
    assert learner.act(PLACES).tolist() == [1, 1, 1]
    with torch.no_grad():
        assert learner.policy()(torch.from_numpy(PLACES)).argmax(dim=1).tolist() == [0, 0, 0]


def test_a_beginning_follows_an_end():
    learner = make()
    # The first walker begins at 0 and ends; it begins anew at 1. The second one, which began at 2, goes on.
    learner.meet(step([0, 2], [0, 0], [0.0, 0.0], [2, 1], [True, False]), np.array([True, False]))
    learner.meet(step([1, 1], [0, 0], [0.0, 0.0], [2, 2], [False, False]), np.array([False, False]))
    ends = step([0, 0, 0], [0, 0, 0], [1.0, 1.0, 1.0], [0, 0, 0], [True, True, False])
    alive = learner.without_end(ends)
    assert alive.next_obs.argmax(axis=1).tolist() == [1, 2, 0]
    assert not alive.terminated.any() and ends.terminated.tolist() == [True, True, False]


def test_bonuses_go_on_where_rewards_end():
    # One place, whose only action ends the episode: Q_E = 1, and with bonuses of 1 Q_I = 1 / (1 - 0.5).
    learner = make(bonus=_Steady(), gamma=0.5)
    batch = step([0] * 8, [0] * 8, [1.0] * 8, [0] * 8, [True] * 8)
    learner.meet(batch, np.ones(8, np.bool_))
    for _ in range(400):
        figures = learner.update(batch)
    assert (figures["q"], figures["novelty"]) == pytest.approx((1.0, 2.0), abs=0.05)
    assert figures["bonus"] == 1.0 and learner.updates == 400


def test_a_surprise_in_either_counts():
    learner = make(bonus=_Steady())
    batch = step([0, 1], [0, 1], [1.0, 0.0], [1, 2], [False, False])
    learner.meet(batch, np.zeros(2, np.bool_))
    learner.update(batch)
    np.testing.assert_allclose(learner.errors, np.abs(learner.rewards.errors) + np.abs(learner.novelty.errors))


def test_restored_learner_goes_on_bit_for_bit():
    rng = np.random.default_rng(0)

    def go_on(learner, batch, ended):
        learner.meet(batch, ended)
        return learner.update(batch), learner.act(PLACES).tolist()

    steps = []
    for _ in range(9):
        places, action = rng.integers(DIM, size=(2, 4)), rng.integers(ACTIONS, size=4)
        ended = rng.random(4) < 0.4
        steps.append((step(places[0], action, rng.random(4), places[1], ended), ended))
    learner, restored = (
        make(seed, Distillation(DistillationConfig(hidden=(4,)), DIM, seed=5), hidden=(8,)) for seed in (0, 7)
    )
    for batch, ended in steps[:5]:
        go_on(learner, batch, ended)
    restored.load_state_dict(learner.state_dict())
    for batch, ended in steps[5:]:
        assert go_on(learner, batch, ended) == go_on(restored, batch, ended)


class _Steady(Visits):
    """Pays 1 for everything."""

    def __init__(self):
        super().__init__(VisitsConfig())

    def __call__(self, batch):
        return np.ones(len(batch.reward), np.float32)
