"""From what a policy chooses to velocity commands."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias

import gymnasium as gym
import numpy as np
import numpy.typing as npt

from dl_robotics.navigation.task import ActionSpec
from dl_robotics.sim.engine import Array

Space: TypeAlias = gym.spaces.Discrete | gym.spaces.Box


def action_space(spec: ActionSpec) -> Space:
    """One index into the table, or two numbers in [-1, 1] that span the limits (forward speed, yaw rate)."""
    if spec.kind == "discrete":
        return gym.spaces.Discrete(len(spec.table))
    return gym.spaces.Box(-1.0, 1.0, (2,), np.float32)


def command(spec: ActionSpec, actions: npt.NDArray[Any]) -> Array:
    """Velocity commands (N, 2) in m/s and rad/s for N actions of :func:`action_space`; clipped to the limits.

    :raises ValueError: for an index outside the table or a number that is not finite.
    """
    if spec.kind == "discrete":
        rows = _table(spec)
        indices = np.asarray(actions, dtype=np.int64)
        if indices.min() < 0 or indices.max() >= len(rows):
            raise ValueError(f"action: expected indices in [0, {len(rows)}), got {actions}")
        return rows[indices]
    values = np.asarray(actions, dtype=np.float64)
    if not np.isfinite(values).all():
        raise ValueError(f"action: expected finite numbers, got {actions}")
    low, high = _limits(spec)
    return np.asarray(low + (np.clip(values, -1.0, 1.0) + 1.0) / 2.0 * (high - low))


@lru_cache
def _table(spec: ActionSpec) -> Array:
    """(n, 2) the commands to choose from."""
    return np.array(spec.table)


@lru_cache
def _limits(spec: ActionSpec) -> Array:
    """(2, 2) the lowest command and the highest."""
    return np.array([spec.linear_mps, spec.angular_radps]).T
