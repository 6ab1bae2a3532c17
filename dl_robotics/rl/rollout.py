"""Consecutive steps of N environments, and what was earned after each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dl_robotics.rl.replay import Batch

Values = npt.NDArray[np.float32]


class Rollout(NamedTuple):
    """T steps of N environments, (T, N, ...) each; see :class:`~dl_robotics.rl.replay.Batch`."""

    obs: Values
    action: npt.NDArray[np.int64]
    reward: Values
    next_obs: Values
    terminated: npt.NDArray[np.bool_]
    ended: npt.NDArray[np.bool_]  # by termination or time-out


class RolloutBuffer:
    """Collects steps until they are taken."""

    def __init__(self) -> None:
        self._rows: list[tuple[npt.NDArray[Any], ...]] = []

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, transitions: Batch, ended: npt.NDArray[np.bool_]) -> None:
        """Append one step of N environments."""
        self._rows.append((*transitions[:5], ended))

    def rollout(self) -> Rollout:
        """All steps so far."""
        return Rollout(*(np.stack(column) for column in zip(*self._rows, strict=True)))

    @property
    def episodes(self) -> int:
        """How many have ended."""
        return sum(int(row[-1].sum()) for row in self._rows)

    def clear(self) -> None:
        """Forget all steps."""
        self._rows.clear()

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs."""
        return self.rollout()._asdict() if self._rows else {}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        columns = [np.asarray(state[name]) for name in Rollout._fields] if state else []
        self._rows = list(zip(*columns, strict=True)) if columns else []


def returns(rollout: Rollout, gamma: float, last_value: Values) -> Values:
    """(T, N) G_t = r_t + gamma G_(t+1).

    After a termination there is nothing; after a time-out, and after the last step, what the critic expects.

    :param last_value: (T, N) V(s_(t+1)) of every step; only those where a stretch is cut are used.
    """
    result, later = np.empty_like(rollout.reward), last_value[-1]
    for t in reversed(range(len(result))):
        later = np.where(rollout.ended[t], last_value[t], later)
        later = rollout.reward[t] + np.float32(gamma) * np.where(rollout.terminated[t], np.float32(0.0), later)
        result[t] = later
    return result


def generalised_advantages(rollout: Rollout, gamma: float, decay: float, value: Values, next_value: Values) -> Values:
    """(T, N) A_t = delta_t + gamma lambda A_(t+1), delta_t = r_t + gamma V(s_(t+1)) - V(s_t) (Schulman et al. 2016).

    Equation 16; nothing carries over from one episode to the one before.

    :param decay: lambda.
    :param value: (T, N) V(s_t).
    :param next_value: (T, N) V(s_(t+1)).
    """
    delta = rollout.reward + np.float32(gamma) * next_value * ~rollout.terminated - value
    result, later = np.empty_like(delta), np.zeros_like(delta[0])
    for t in reversed(range(len(delta))):
        later = delta[t] + np.float32(gamma * decay) * ~rollout.ended[t] * later
        result[t] = later
    return result
