"""Returns over several steps (Watkins 1989; Sutton 1988), summed up before they are stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dl_robotics.rl.replay import Batch


class _Begun(NamedTuple):
    """Transitions of N environments whose rewards are still being summed up."""

    obs: npt.NDArray[np.float32]
    action: npt.NDArray[Any]
    reward: npt.NDArray[np.float32]
    open: npt.NDArray[np.bool_]


class NStep:
    """Makes transitions of n steps out of single ones: s_t, a_t, r_t + ... + gamma^(n-1) r_(t+n-1), s_(t+n).

    The last steps of an episode give shorter ones, which bootstrap from the episode's last observation unless it
    terminated; :attr:`~dl_robotics.rl.replay.Batch.steps` tells how many rewards there are.

    :param n: 1 passes transitions through.
    :param gamma: discount per step.
    """

    def __init__(self, n: int, gamma: float) -> None:
        self.n, self.gamma = n, gamma
        self._begun: list[_Begun] = []  # the newest last

    def __call__(self, transitions: Batch, ended: npt.NDArray[np.bool_]) -> Batch:
        """Take in one step of N environments; return the transitions that are complete now, maybe none.

        :param ended: (N,) whether the step ended the episode, by termination or time-out.
        """
        if self.n == 1:
            return transitions
        everywhere = np.ones(len(ended), np.bool_)
        summed = np.zeros_like(transitions.reward)
        self._begun.append(_Begun(transitions.obs, transitions.action, summed, everywhere))
        complete: list[tuple[npt.NDArray[Any], ...]] = []
        for steps, begun in zip(range(len(self._begun), 0, -1), self._begun, strict=True):
            begun.reward[:] += np.float32(self.gamma ** (steps - 1)) * transitions.reward
            ready = begun.open & (ended | (steps == self.n))
            if not complete or ready.any():
                complete.append(_pick(begun, transitions, ready, steps))
                begun.open[ready] = False
        self._begun = self._begun[-(self.n - 1) :]
        return Batch(*(np.concatenate(field) for field in zip(*complete, strict=True)))

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies."""
        rows = {str(i): begun._asdict() for i, begun in enumerate(self._begun)}
        return {i: {name: value.copy() for name, value in fields.items()} for i, fields in rows.items()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self._begun = [_Begun(**{k: np.array(v) for k, v in state[str(i)].items()}) for i in range(len(state))]


def _pick(begun: _Begun, now: Batch, ready: npt.NDArray[np.bool_], steps: int) -> tuple[npt.NDArray[Any], ...]:
    """The fields of a batch, in order, of the environments that are ready."""
    obs, action, reward = begun.obs[ready], begun.action[ready], begun.reward[ready]
    return obs, action, reward, now.next_obs[ready], now.terminated[ready], np.full(ready.sum(), steps, np.int64)
