"""What actions are drawn from: loss and slope as autograd has them, over networks that are as declared."""

import numpy as np
import pytest
import torch

from dl_robotics.rl.distribution import Categorical, DiagonalGaussian, distribution_over
from dl_robotics.rl.spaces import Continuous, Discrete

BATCH, ACTIONS, ENTROPY = 32, 3, 0.3


def random(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def gaussian(parameters):
    mean, log_std = parameters.chunk(2, dim=1)
    return torch.distributions.Independent(torch.distributions.Normal(mean, log_std.exp()), 1)


CASES = {
    "categorical": (
        Categorical(ACTIONS),
        lambda parameters: torch.distributions.Categorical(logits=parameters),
        np.arange(BATCH) % ACTIONS,
        random(BATCH, ACTIONS),
    ),
    "gaussian": (DiagonalGaussian(ACTIONS, 1.0), gaussian, 2.0 * random(BATCH, ACTIONS, seed=3), random(BATCH, 6)),
}


@pytest.mark.parametrize("name", CASES)
def test_loss_and_slope_are_autograds(name):
    distribution, reference, action, parameters = CASES[name]
    advantage, at = random(BATCH, seed=1), torch.from_numpy(parameters.copy()).requires_grad_()
    policy = reference(at)
    expected = (-policy.log_prob(torch.from_numpy(action)) * torch.from_numpy(advantage)).mean()
    expected = expected - ENTROPY * policy.entropy().mean()
    loss, slope = distribution.loss(parameters, action, advantage, ENTROPY)
    assert loss == pytest.approx(expected.item(), rel=1e-5)
    assert slope.dtype == np.float32
    np.testing.assert_allclose(slope, torch.autograd.grad(expected, at)[0], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("space", "first"),
    [(Discrete(4), [0.0] * 4), (Continuous((-2.0, 0.0), (2.0, 1.0)), [0.0, 0.0, np.log(0.5), np.log(0.5)])],
)
def test_networks_begin_undecided(space, first):
    network = distribution_over(space, first_std=0.5).network((2, 8), "tanh", torch.Generator().manual_seed(0))
    with torch.no_grad():
        given = network(torch.ones(5, 2))
    np.testing.assert_allclose(given, np.tile(first, (5, 1)), atol=0.05)
