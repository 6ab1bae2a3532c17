"""Random actions, and noise on them."""

import numpy as np
import pytest

from dl_robotics.config import ConfigError
from dl_robotics.rl.exploration import ActionNoise, EpsilonGreedy, ExponentialEpsilon, LinearEpsilon, NoiseConfig


def test_worked_example():
    epsilon = LinearEpsilon(start=1.0, end=0.1, steps=1_000)
    values = [epsilon(step) for step in (0, 500, 1_000, 50_000)]
    assert values == pytest.approx([1.0, 0.55, 0.1, 0.1])


def test_equal_factors_instead_of_equal_amounts():
    # The distance of 0.9 falls by e a thousand steps.
    values = [ExponentialEpsilon(1.0, 0.1, 1_000)(step) for step in (0, 1_000, 2_000, 50_000)]
    assert values == pytest.approx([1.0, 0.1 + 0.9 * 0.36788, 0.1 + 0.9 * 0.13534, 0.1], abs=1e-5)


@pytest.mark.parametrize("settings", [{"start": 0.1, "end": 0.5}, {"end": -0.1}, {"start": 1.5}, {"steps": 0}])
def test_refuses_what_is_no_schedule(settings):
    with pytest.raises(ConfigError):
        LinearEpsilon(**settings)


def test_random_actions_are_as_frequent_as_epsilon():
    rng, greedy = np.random.default_rng(0), np.arange(4_000) % 2
    explorer = EpsilonGreedy(LinearEpsilon(start=1.0, end=0.2, steps=10), num_actions=2)
    # A random action is the greedy one half of the time; five standard deviations are 0.04.
    assert np.mean(explorer.explore(greedy, 0, rng) == greedy) == pytest.approx(0.5, abs=0.04)
    assert np.mean(explorer.explore(greedy, 10, rng) == greedy) == pytest.approx(0.9, abs=0.04)


def test_gaussian_noise_is_independent_and_cut():
    noise, rng = ActionNoise(NoiseConfig(scale=0.2, random_steps=0), 1_000, 2), np.random.default_rng(0)
    first, second = (noise.explore(np.zeros((1_000, 2), np.float32), 1, rng) for _ in range(2))
    assert first.std() == pytest.approx(0.2, rel=0.1)
    assert abs(np.corrcoef(first.ravel(), second.ravel())[0, 1]) < 5 / np.sqrt(2_000)
    assert noise.explore(np.ones((1_000, 2), np.float32), 1, rng).max() == 1.0


def test_ornstein_uhlenbeck_noise_drifts_and_starts_anew_with_an_episode():
    config = NoiseConfig(kind="ornstein_uhlenbeck", scale=0.05, theta=0.1, random_steps=0)
    noise, rng = ActionNoise(config, 2_000, 1), np.random.default_rng(0)
    still = np.zeros((2_000, 1), np.float32)
    for _ in range(60):
        before, now = noise._noise, noise.explore(still, 1, rng)
    # Its own limits: correlation 1 - theta, variance scale^2 / (1 - (1 - theta)^2).
    assert np.corrcoef(before.ravel(), now.ravel())[0, 1] == pytest.approx(0.9, abs=0.03)
    assert now.std() == pytest.approx(0.05 / np.sqrt(1.0 - 0.9**2), rel=0.1)
    noise.ended(np.arange(2_000) < 1_000)
    assert np.abs(noise.explore(still, 1, rng)[:1_000]).max() < 6 * 0.05


def test_the_first_actions_are_uniform():
    noise = ActionNoise(NoiseConfig(scale=0.0, random_steps=10), 4_000, 1)
    greedy, rng = np.full((4_000, 1), 0.5, np.float32), np.random.default_rng(0)
    assert np.quantile(noise.explore(greedy, 10, rng), [0.25, 0.75]) == pytest.approx([-0.5, 0.5], abs=0.08)
    np.testing.assert_array_equal(noise.explore(greedy, 11, rng), greedy)
