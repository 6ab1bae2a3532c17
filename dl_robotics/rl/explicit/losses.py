"""Losses, as means over a batch, and their slopes at the prediction."""

from __future__ import annotations

from functools import cache

import numpy as np

from dl_robotics.ops.compiled import compiled
from dl_robotics.rl.explicit.flat import Array


def squared_error(prediction: Array, target: Array, weight: Array | None = None) -> tuple[float, Array]:
    """Mean of w (p - t)^2 over B samples.

    :param weight: of each sample; 1 unless given.
    :returns: the loss and its slope (B,), 2 w (p - t) / B.
    """
    slope = np.empty_like(prediction)
    return _squared_error(prediction, target, _ones(len(prediction)) if weight is None else weight, slope), slope


def huber(prediction: Array, target: Array, delta: float = 1.0, weight: Array | None = None) -> tuple[float, Array]:
    """Mean of w h(p - t) over B samples (Huber 1964).

    h(e) = e^2 / 2 where \\|e\\| <= delta, else delta (\\|e\\| - delta / 2).

    :param weight: of each sample; 1 unless given.
    :returns: the loss and its slope (B,): w times the error, cut to [-delta, delta], over B.
    """
    slope = np.empty_like(prediction)
    weight = _ones(len(prediction)) if weight is None else weight
    return _huber(prediction, target, weight, np.float32(delta), slope), slope


def policy_gradient(logits: Array, action: np.ndarray, advantage: Array, entropy_weight: float) -> tuple[float, Array]:
    """Mean of -A log pi(a) - c H(pi) over B samples, pi the softmax of the logits (Williams 1992; Mnih et al. 2016).

    With p = pi: d(-log p_a)/dz_j = p_j - [j = a], and dH/dz_j = -p_j (log p_j + H).

    :param logits: (B, A).
    :param action: (B,) taken.
    :param advantage: (B,).
    :param entropy_weight: c.
    :returns: the loss and its slope (B, A).
    """
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    p = np.exp(log_p)
    entropy = -(p * log_p).sum(axis=1, keepdims=True)
    rows = np.arange(len(logits))
    loss = -advantage * log_p[rows, action] - np.float32(entropy_weight) * entropy[:, 0]
    slope = p * advantage[:, None] + np.float32(entropy_weight) * p * (log_p + entropy)
    slope[rows, action] -= advantage
    slope /= np.float32(len(logits))
    return float(loss.mean()), slope


@cache
def _ones(size: int) -> Array:
    return np.ones(size, np.float32)


@compiled
def _squared_error(prediction: Array, target: Array, weight: Array, slope: Array) -> float:
    total, count = 0.0, len(prediction)
    for row in range(count):
        error = prediction[row] - target[row]
        total += weight[row] * error * error
        slope[row] = np.float32(2.0) * weight[row] * error / np.float32(count)
    return total / count


@compiled
def _huber(prediction: Array, target: Array, weight: Array, delta: np.float32, slope: Array) -> float:
    total, count = 0.0, len(prediction)
    for row in range(count):
        error = prediction[row] - target[row]
        clipped = min(max(error, -delta), delta)
        total += weight[row] * clipped * (error - np.float32(0.5) * clipped)
        slope[row] = weight[row] * clipped / np.float32(count)
    return total / count
