"""Bonuses fall with familiarity, by the formulas of their papers."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch

from dl_robotics import config
from dl_robotics.config import ConfigError
from dl_robotics.rl.bonus.choose import BonusConfig, make_bonus
from dl_robotics.rl.bonus.distillation import Distillation, DistillationConfig
from dl_robotics.rl.bonus.prediction import Prediction, PredictionConfig
from dl_robotics.rl.bonus.replay import BonusReplay
from dl_robotics.rl.bonus.visits import Visits, VisitsConfig
from dl_robotics.rl.prioritised import PrioritiesConfig, PrioritisedReplay
from dl_robotics.rl.replay import Batch, ReplayBuffer
from dl_robotics.rl.spaces import Continuous, Discrete


@dataclass(frozen=True)
class _Settings:
    bonus: BonusConfig


DISCRETE, CONTINUOUS = Discrete(3), Continuous((-1.0, -1.0), (1.0, 1.0))
CONFIGS = {
    "count": VisitsConfig(),
    "ucb": VisitsConfig(kind="ucb"),
    "rnd": DistillationConfig(hidden=(16,), features=8),
    "observation": PredictionConfig(hidden=(16,), of="observation"),
    "features": PredictionConfig(hidden=(16,), features=8),
}


def steps(count, seed=0, space=DISCRETE, dim=4):
    rng = np.random.default_rng(seed)
    obs, next_obs = rng.standard_normal((2, count, dim)).astype(np.float32)
    discrete = isinstance(space, Discrete)
    action = rng.integers(3, size=count) if discrete else rng.uniform(-1, 1, (count, 2)).astype(np.float32)
    return Batch(obs, action, np.zeros(count, np.float32), next_obs, np.zeros(count, np.bool_))


def visited(*places, action=0):
    seen = np.array(places, np.float32)
    return Batch(seen, np.full(len(seen), action), np.zeros(len(seen), np.float32), seen, np.zeros(len(seen), np.bool_))


def test_counts_pay_one_over_the_root_of_the_visits():
    bonus = Visits(VisitsConfig(weight=2.0, cell=0.5))
    # -0.1 and 0.1 lie in different cells; 0.1 and 0.4 in the same one.
    for _ in range(3):
        bonus.observe(visited([0.1, 0.0], [0.4, 0.0], [-0.1, 0.0]))
    expected = [2.0 / np.sqrt(6.0), 2.0 / np.sqrt(3.0), 2.0]
    assert bonus(visited([0.2, 0.1], [-0.2, 0.1], [9.0, 9.0])).tolist() == pytest.approx(expected)


def test_ucb_pays_for_seldom_actions():
    bonus = Visits(VisitsConfig(kind="ucb", cell=0.5))
    for action, times in ((0, 7), (1, 1)):
        for _ in range(times):
            bonus.observe(visited([0.0, 0.0], action=action))
    told = [bonus(visited([0.0, 0.0], action=action))[0] for action in (0, 1)]
    assert told == pytest.approx([np.sqrt(2.0 * np.log(8.0) / 7.0), np.sqrt(2.0 * np.log(8.0))])


def test_a_thousand_places_hardly_share_slots():
    bonus = Visits(VisitsConfig(cell=1.0, table_bits=20))
    places = np.stack(np.meshgrid(np.arange(-16, 16), np.arange(32)), axis=-1).reshape(-1, 2)
    bonus.observe(visited(*places))
    assert (bonus(visited(*places)) == 1.0).mean() > 0.99


@pytest.mark.parametrize("name", ["rnd", "observation", "features"])
def test_the_familiar_pays_less_than_the_new(name):
    bonus = make_bonus(CONFIGS[name], 4, DISCRETE, seed=0)
    known, new = steps(32), steps(32, seed=1)
    new = new._replace(next_obs=new.next_obs + 3.0)
    for _ in range(400):
        bonus.observe(known)
    assert bonus(known).mean() < 0.25 * bonus(new).mean()


def test_distillation_is_the_distance_between_two_networks():
    # Without hidden layers they are matrices P and T on observations normalised by their own mean and spread.
    bonus = Distillation(DistillationConfig(hidden=(), features=2), obs_dim=1, seed=0)
    seen = visited([1.0], [3.0])
    for _ in range(50):
        bonus.observe(seen)  # mean 2, standard deviation 1
    apart = (bonus.predictor.module[0].weight - bonus.target.module[0].weight).detach().numpy()[:, 0]
    far = visited([1.0], [2.0], [2.5], [99.0])  # the last one is cut to 5
    expected = np.array([1.0, 0.0, 0.25, 25.0]) * np.square(apart).mean()
    np.testing.assert_allclose(bonus.error(far), expected, rtol=1e-5, atol=1e-12)


def test_errors_are_divided_by_the_spread_of_their_returns():
    bonus = Distillation(
        DistillationConfig(hidden=(), features=2, gamma=0.5, weight=3.0, learning_rate=1e-12), obs_dim=1, seed=0
    )
    batches = [visited([float(a)], [float(b)]) for a, b in np.random.default_rng(0).normal(size=(5, 2))]
    returns, running = [], np.zeros(2)
    for batch in batches:
        bonus.observe(batch)
        running = 0.5 * running + bonus.error(batch)
        returns += running.tolist()
    np.testing.assert_allclose(bonus(batches[0]), 3.0 * bonus.error(batches[0]) / np.std(returns), rtol=1e-4)


def test_prediction_is_half_the_squared_error():
    bonus = Prediction(PredictionConfig(hidden=(), of="observation"), 1, Discrete(2), seed=0)
    bonus.observe(visited([1.0], [3.0]))
    with torch.no_grad():
        bonus.model.forward_model[0].weight.copy_(torch.tensor([[1.0, 0.5, -1.0]]))
        bonus.model.forward_model[0].bias.zero_()
    # phi(s) is -1 or 1: the prediction is phi(s) + 1/2 after action 0, phi(s) - 1 after action 1.
    batch = Batch(
        np.array([[1.0], [3.0]], np.float32),
        np.array([0, 1]),
        np.zeros(2, np.float32),
        np.array([[3.0], [3.0]], np.float32),
        np.zeros(2, np.bool_),
    )
    assert bonus.error(batch).tolist() == pytest.approx([0.5 * 1.5**2, 0.5 * 1.0**2])


def test_features_leave_out_what_actions_do_not_change():
    # The first observed value follows the action, the second is noise: an inverse model has no use for it.
    rng = np.random.default_rng(0)
    bonus = Prediction(PredictionConfig(hidden=(32,), features=4, learning_rate=3e-3), 2, DISCRETE, seed=0)
    for _ in range(300):
        obs, next_obs = rng.standard_normal((2, 64, 2)).astype(np.float32)
        action = rng.integers(3, size=64)
        next_obs[:, 0] = obs[:, 0] + action - 1.0
        batch = Batch(obs, action, np.zeros(64, np.float32), next_obs, np.zeros(64, np.bool_))
        bonus.observe(batch)
    inputs = torch.from_numpy(rng.standard_normal((256, 2)).astype(np.float32)).requires_grad_()
    slopes = torch.autograd.grad(bonus.model.features(inputs).square().sum(), inputs)[0].abs().mean(dim=0)
    assert slopes[0] > 2.0 * slopes[1]


@pytest.mark.parametrize("space", [DISCRETE, CONTINUOUS], ids=["discrete", "continuous"])
@pytest.mark.parametrize("name", CONFIGS)
def test_restored_bonus_goes_on_bit_for_bit(name, space):
    bonus, restored = (make_bonus(CONFIGS[name], 4, space, seed=7) for _ in range(2))

    def go_on(one, seed):
        one.observe(steps(8, seed, space))
        return one(steps(8, seed + 200, space))

    for seed in range(5):
        go_on(bonus, seed)
    restored.load_state_dict(bonus.state_dict())
    for seed in range(5, 8):
        np.testing.assert_array_equal(go_on(bonus, seed), go_on(restored, seed))


@pytest.mark.parametrize("plain", [ReplayBuffer(64, 4), PrioritisedReplay(PrioritiesConfig(), 64, 4)])
def test_rewards_are_paid_when_they_are_drawn_and_stored_plain(plain):
    replay = BonusReplay(plain, Visits(VisitsConfig(cell=100.0)))  # everything is within four cells a dimension
    rng = np.random.default_rng(0)
    replay.add(steps(8))
    early = replay.sample(64, rng).reward.mean()
    for seed in range(6):
        replay.add(steps(8, seed))
    late = replay.sample(64, rng)
    assert 0.0 < late.reward.mean() < early
    assert len(replay) == 56
    assert plain.rows(np.arange(56)).reward.tolist() == [0.0] * 56
    replay.learned(np.ones(64, np.float32))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"kind": "rnd"}, DistillationConfig()),
        ({"kind": "ucb", "weight": 0.2}, VisitsConfig(kind="ucb", weight=0.2)),
        ({"kind": "prediction", "of": "observation"}, PredictionConfig(of="observation")),
    ],
)
def test_chosen_by_kind(given, expected):
    assert config.from_dict(_Settings, {"bonus": given}).bonus == expected


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        (VisitsConfig, {"weight": 0.0}),
        (VisitsConfig, {"cell": 0.0}),
        (VisitsConfig, {"table_bits": 0}),
        (DistillationConfig, {"features": 0}),
        (DistillationConfig, {"clip": 0.0}),
        (DistillationConfig, {"gamma": 1.0}),
        (PredictionConfig, {"learning_rate": 0.0}),
        (PredictionConfig, {"hidden": (0,)}),
        (PredictionConfig, {"forward_share": 1.0}),
    ],
)
def test_refuses_impossible_settings(kind, settings):
    with pytest.raises(ConfigError, match=next(iter(settings))):
        kind(**settings)
