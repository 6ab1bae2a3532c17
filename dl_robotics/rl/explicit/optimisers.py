"""Optimisers over flat parameters, one pass through memory a step."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from dl_robotics.ops.compiled import compiled
from dl_robotics.rl.explicit.flat import Array, aligned
from dl_robotics.rl.explicit.network import Network

# Means of gradients that have become zero (of a unit that is never active) would fade into numbers below 1e-38, with
# which the processor takes twice as long.
NEGLIGIBLE = np.float32(1e-30)


def clip_norm(gradients: Array, longest: float) -> float:
    """Shorten the gradient to a Euclidean norm of at most ``longest`` (Pascanu et al. 2013); return its norm before."""
    norm = math.sqrt(np.dot(gradients, gradients))
    if norm > longest:
        gradients *= np.float32(longest / (norm + 1e-6))  # as torch has it
    return norm


class SGD:
    """Stochastic gradient descent with momentum: u <- mu u + g, theta <- theta - rate u."""

    def __init__(self, network: Network, learning_rate: float, momentum: float = 0.0) -> None:
        self.network, self.learning_rate, self.momentum = network, learning_rate, momentum
        self._moved = aligned(len(network.values))

    def step(self) -> None:
        """Go one step against the network's gradients."""
        rate, momentum = np.float32(self.learning_rate), np.float32(self.momentum)
        _sgd(self.network.values, self.network.gradients, self._moved, rate, momentum)

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies."""
        return {"moved": self._moved.copy()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self._moved[:] = state["moved"]


class Adam:
    """Adam (Kingma & Ba 2015, algorithm 1).

    m and v are moving averages of the gradient and its square; theta goes by rate * m^ / (sqrt(v^) + epsilon), both
    corrected for their start at zero.
    """

    def __init__(
        self,
        network: Network,
        learning_rate: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        epsilon: float = 1e-8,
    ) -> None:
        self.network, self.learning_rate, self.betas, self.epsilon = network, learning_rate, betas, epsilon
        self._mean, self._square = aligned(len(network.values)), aligned(len(network.values))
        self._steps = 0

    def step(self, pace: float = 1.0) -> None:
        """Go one step against the network's gradients.

        :param pace: share of the learning rate that is in force.
        """
        self._steps += 1
        beta1, beta2 = self.betas
        rate = pace * self.learning_rate / (1.0 - beta1**self._steps)
        scale = 1.0 / math.sqrt(1.0 - beta2**self._steps)
        numbers = np.array([1.0 - beta1, 1.0 - beta2, rate, scale, self.epsilon], np.float32)
        _adam(self.network.values, self.network.gradients, self._mean, self._square, numbers)

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies."""
        return {"mean": self._mean.copy(), "square": self._square.copy(), "steps": self._steps}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self._mean[:], self._square[:] = state["mean"], state["square"]
        self._steps = int(state["steps"])


@compiled
def _sgd(values: Array, gradients: Array, moved: Array, rate: np.float32, momentum: np.float32) -> None:
    for index in range(len(values)):
        moved[index] = momentum * moved[index] + gradients[index]
        values[index] -= rate * moved[index]


@compiled
def _adam(values: Array, gradients: Array, mean: Array, square: Array, numbers: Array) -> None:
    new1, new2, rate, scale, epsilon = numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]
    for index in range(len(values)):
        gradient = gradients[index]
        moved = mean[index] + new1 * (gradient - mean[index])
        mean[index] = moved if abs(moved) > NEGLIGIBLE else np.float32(0.0)
        square[index] += new2 * (gradient * gradient - square[index])
        values[index] -= rate * mean[index] / (np.sqrt(square[index]) * scale + epsilon)
