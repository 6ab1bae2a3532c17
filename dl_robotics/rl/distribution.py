"""The distributions that a stochastic policy draws its actions from: what its network's output means.

Both offer the same: the network, a draw, and the loss of the policy gradient with its slope at the network's output, so
that an algorithm reads alike for counted and for continuous actions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from dl_robotics.nn.mlp import MLP, ActivationName, GaussianMLP
from dl_robotics.rl.explicit.losses import policy_gradient
from dl_robotics.rl.spaces import ActionSpace, Discrete

Values = npt.NDArray[np.float32]
FIRST_GAIN = 0.01  # counted actions are about equally likely at first, continuous ones centred on 0
NORMAL_ENTROPY = 0.5 * (1.0 + np.log(2.0 * np.pi))  # of one dimension, less the logarithm of its deviation


class Distribution(Protocol):
    """A distribution over actions, by parameters (B, K)."""

    def network(self, sizes: Sequence[int], activation: ActivationName, generator: torch.Generator | None) -> nn.Module:
        """(..., sizes[0]) to (..., K); ``sizes`` are those of the input and the hidden layers."""

    def sample(self, parameters: Values, rng: np.random.Generator) -> npt.NDArray[Any]:
        """Draw an action for each of B rows."""

    def loss(
        self, parameters: Values, action: npt.NDArray[Any], advantage: Values, entropy: float
    ) -> tuple[float, Values]:
        """Mean of -A log pi(a) - c H(pi) over B samples (Williams 1992; Mnih et al. 2016), and its slope (B, K).

        :param advantage: A (B,).
        :param entropy: c.
        """


class Categorical:
    """Counted actions: the softmax of K logits."""

    def __init__(self, count: int) -> None:
        self.count = count

    def network(self, sizes: Sequence[int], activation: ActivationName, generator: torch.Generator | None) -> nn.Module:
        """(..., sizes[0]) to logits."""
        return MLP((*sizes, self.count), activation, FIRST_GAIN, generator)

    def sample(self, parameters: Values, rng: np.random.Generator) -> npt.NDArray[np.int64]:
        """(B,) actions by Gumbel's trick: argmax of logits plus noise."""
        return np.asarray((parameters + rng.gumbel(size=parameters.shape)).argmax(axis=1), np.int64)

    def loss(
        self, parameters: Values, action: npt.NDArray[Any], advantage: Values, entropy: float
    ) -> tuple[float, Values]:
        """The policy gradient's; see :func:`~dl_robotics.rl.explicit.losses.policy_gradient`."""
        return policy_gradient(parameters, action, advantage, entropy)


class DiagonalGaussian:
    """Continuous actions: independent normal distributions, by A means and A logarithms of deviations (K = 2 A).

    A draw may lie outside [-1, 1]. The environment takes it cut to that range, the learner as it was drawn: cutting is
    part of the environment, so that log pi(a) needs no correction.

    :param first_std: the deviations at first.
    """

    def __init__(self, actions: int, first_std: float) -> None:
        self.actions, self.first_std = actions, first_std

    def network(self, sizes: Sequence[int], activation: ActivationName, generator: torch.Generator | None) -> nn.Module:
        """(..., sizes[0]) to means and logarithms of deviations."""
        return GaussianMLP((*sizes, self.actions), activation, FIRST_GAIN, generator, self.first_std)

    def sample(self, parameters: Values, rng: np.random.Generator) -> Values:
        """(B, A) actions."""
        mean, log_std = self._parts(parameters)
        return np.asarray(mean + np.exp(log_std) * rng.standard_normal(mean.shape, np.float32))

    def loss(
        self, parameters: Values, action: npt.NDArray[Any], advantage: Values, entropy: float
    ) -> tuple[float, Values]:
        """The policy gradient's. With z = (a - mu) / sigma, summed over dimensions:

        log pi(a) = -z^2 / 2 - log sigma - log(2 pi) / 2 and H = log sigma + (1 + log(2 pi)) / 2, so
        d log pi / d mu = z / sigma, d log pi / d log sigma = z^2 - 1, dH / d log sigma = 1.
        """
        mean, log_std = self._parts(parameters)
        z = (action - mean) * np.exp(-log_std)
        spread = (log_std + np.float32(NORMAL_ENTROPY)).sum(axis=1)  # H (B,)
        log_p = 0.5 * (1.0 - z * z).sum(axis=1) - spread
        loss = -advantage * log_p - np.float32(entropy) * spread
        weight = advantage[:, None]
        slope = np.concatenate([-weight * z * np.exp(-log_std), weight * (1.0 - z * z) - np.float32(entropy)], axis=1)
        slope /= np.float32(len(slope))
        return float(loss.mean()), slope

    def _parts(self, parameters: Values) -> tuple[Values, Values]:
        return parameters[:, : self.actions], parameters[:, self.actions :]


def distribution_over(space: ActionSpace, first_std: float) -> Distribution:
    """What a stochastic policy over such a space draws from."""
    return Categorical(space.count) if isinstance(space, Discrete) else DiagonalGaussian(len(space.low), first_std)
