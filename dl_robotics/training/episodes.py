"""Episodes in a vector environment: their return, length and success."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]


class Episode(NamedTuple):
    """An episode that has ended."""

    env: int  # which of the environments
    episode_return: float  # undiscounted sum of rewards
    length: int
    success: bool | None  # None where the environment does not tell


class EpisodeTracker:
    """Sums up the running episodes of N environments."""

    def __init__(self, num_envs: int) -> None:
        self._returns = np.zeros(num_envs, np.float64)
        self._lengths = np.zeros(num_envs, np.int64)

    def add(self, reward: npt.NDArray[Any], ended: Mask, info: Mapping[str, Any]) -> list[Episode]:
        """Take in one step of all environments; return the episodes that it ended.

        :param info: may hold ``success`` and its mask ``_success``, at the top or under ``final_info``, where
            Gymnasium's own vector environments put the infos of an episode's last step.
        """
        self._returns += reward
        self._lengths += 1
        last = info.get("final_info", info)
        told: Mask = last.get("_success", np.zeros_like(ended))
        episodes = [
            Episode(
                env=int(i),
                episode_return=float(self._returns[i]),
                length=int(self._lengths[i]),
                success=bool(last["success"][i]) if told[i] else None,
            )
            for i in np.flatnonzero(ended)
        ]
        self._returns[ended] = 0.0
        self._lengths[ended] = 0
        return episodes

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies."""
        return {"returns": self._returns.copy(), "lengths": self._lengths.copy()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self._returns[:], self._lengths[:] = state["returns"], state["lengths"]


class EpisodeStatistics(NamedTuple):
    """Averages over episodes; NaN where there are none, or where success is not told."""

    mean_return: float
    std_return: float
    mean_length: float
    success_rate: float

    @classmethod
    def of(cls, episodes: Sequence[Episode]) -> EpisodeStatistics:
        """The averages over these episodes."""
        returns = np.array([episode.episode_return for episode in episodes])
        return cls(
            mean_return=_mean(returns),
            std_return=float(returns.std()) if len(returns) else np.nan,
            mean_length=_mean([episode.length for episode in episodes]),
            success_rate=_mean([episode.success for episode in episodes if episode.success is not None]),
        )

    def __str__(self) -> str:
        success = "" if np.isnan(self.success_rate) else f"success {self.success_rate:.1%}, "
        return f"{success}return {self.mean_return:.1f} ± {self.std_return:.1f}, length {self.mean_length:.0f}"

    @property
    def score(self) -> tuple[float, float]:
        """For choosing the best: success first where it is told, then return."""
        return float(np.nan_to_num(self.success_rate)), self.mean_return

    @property
    def told_score(self) -> float:
        """For people: the success rate where it is told, else the return; NaN before any episode."""
        best = self.mean_return if np.isnan(self.success_rate) else self.success_rate
        return best if np.isfinite(best) else np.nan


def _mean(values: Sequence[float] | npt.NDArray[Any]) -> float:
    return float(np.mean(values)) if len(values) else np.nan
