"""Consecutive steps of N environments, and what was earned after each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dl_robotics.rl.replay import Batch

Values = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


class Rollout(NamedTuple):
    """T steps of N environments, (T, N, ...) each; see :class:`~dl_robotics.rl.replay.Batch`."""

    obs: Values
    action: npt.NDArray[Any]  # (T, N) int64, or (T, N, A) float32
    reward: Values
    next_obs: Values
    terminated: Mask
    ended: Mask  # by termination or time-out
    fresh: Mask  # false for steps that were learned from before

    @property
    def whole(self) -> Mask:
        """(T, N) the fresh steps of episodes that end within the rollout."""
        return np.logical_or.accumulate(self.ended[::-1])[::-1] & self.fresh


class RolloutBuffer:
    """Collects steps until they are taken.

    ``episodes`` tells how many have ended since.
    """

    def __init__(self) -> None:
        self._rows: list[tuple[npt.NDArray[Any], ...]] = []
        self._learned = np.zeros(1, np.int64)  # (N,) rows at the front that are another's, of episodes taken before
        self.episodes = 0

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, transitions: Batch, ended: Mask) -> None:
        """Append one step of N environments."""
        self._rows.append((*transitions[:5], ended))
        self.episodes += int(ended.sum())

    def take(self) -> Rollout:
        """All steps."""
        rollout = self._rollout()
        self._keep(np.full(1, len(self)))
        return rollout

    def take_episodes(self) -> Rollout:
        """The same, but the steps of running episodes stay, to be taken when their episodes have ended."""
        rollout = self._rollout()
        past = len(self) - rollout.ended[::-1].argmax(axis=0)  # (N,) the row after the last end
        self._keep(np.where(rollout.ended.any(axis=0), past, self._learned))
        return rollout

    def _rollout(self) -> Rollout:
        columns = [np.stack(column) for column in zip(*self._rows, strict=True)]
        fresh = np.arange(len(self))[:, None] >= self._learned
        return Rollout._make([*columns, np.broadcast_to(fresh, columns[-1].shape).copy()])

    def _keep(self, first: npt.NDArray[np.int64]) -> None:
        """Forget the rows before the first (N,) of every environment."""
        oldest = int(first.min())
        del self._rows[:oldest]
        self._learned, self.episodes = first - oldest, 0

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs."""
        return self._rollout()._asdict() if self._rows else {}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self._rows, self._learned, self.episodes = [], np.zeros(1, np.int64), 0
        if state:
            *columns, fresh = (np.asarray(state[name]) for name in Rollout._fields)
            self._rows = list(zip(*columns, strict=True))
            self._learned = (~fresh).sum(axis=0)
            self.episodes = int((columns[-1] & fresh).sum())


def together(steps: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """(T N, ...) of (T, N, ...)."""
    return steps.reshape(-1, *steps.shape[2:])


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
