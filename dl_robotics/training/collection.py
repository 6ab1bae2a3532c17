"""Collecting transitions from a vector environment."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from dl_robotics.rl.replay import Batch
from dl_robotics.rl.spaces import ActionSpace
from dl_robotics.training.environments import VectorEnvironment, env_state, restore_env, spaces
from dl_robotics.training.episodes import Episode, EpisodeStatistics, EpisodeTracker

RECENT_EPISODES = 100


class Collector:
    """Steps N environments and keeps count of their episodes.

    ``obs`` (N, D) is what the next actions answer to; ``ended`` (N,) whether the last step ended the episode.

    :raises ConfigError: if the environments' spaces are not those of :func:`.environments.spaces`.
    """

    def __init__(self, env: VectorEnvironment, seed: int) -> None:
        self.env = env
        self.obs_dim: int
        self.space: ActionSpace
        self.obs_dim, self.space = spaces(env)
        self.ended = np.zeros(env.num_envs, np.bool_)
        self.obs = np.array(env.reset(seed=seed)[0], dtype=np.float32)
        self._tracker = EpisodeTracker(env.num_envs)
        self._recent = deque[Episode](maxlen=RECENT_EPISODES)

    def step(self, action: npt.NDArray[Any]) -> Batch:
        """Act once in every environment; return the N transitions.

        :param action: (N,) indices, or (N, A) numbers in [-1, 1].
        """
        seen, reward, terminated, truncated, info = self.env.step(self.space.outwards(action))
        self.ended = ended = terminated | truncated
        # A copy: the environment may reuse its array, and the rows of ended episodes are replaced.
        next_obs = np.array(seen, dtype=np.float32)
        transitions = Batch(
            obs=self.obs,
            action=action,
            reward=np.asarray(reward, np.float32),
            next_obs=_last_observations(next_obs, ended, info),
            terminated=terminated,
        )
        self._recent.extend(self._tracker.add(reward, ended, info))
        self.obs = next_obs
        return transitions

    def statistics(self) -> EpisodeStatistics:
        """Averages over the last episodes that ended."""
        return EpisodeStatistics.of(self._recent)

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, the environments' own state included."""
        recent = [list(episode) for episode in self._recent]
        tracker, env = self._tracker.state_dict(), env_state(self.env)
        return {"obs": self.obs.copy(), "tracker": tracker, "recent": recent, "env": env}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        restore_env(self.env, state["env"])
        self.obs = np.array(state["obs"], np.float32)
        self._tracker.load_state_dict(state["tracker"])
        self._recent.clear()
        self._recent.extend(Episode(*row) for row in state["recent"])


def _last_observations(
    next_obs: npt.NDArray[np.float32], ended: npt.NDArray[np.bool_], info: Mapping[str, Any]
) -> npt.NDArray[np.float32]:
    """The observations that the actions led to: an ended episode's last one, not the next episode's first."""
    if not ended.any():
        return next_obs
    led_to = next_obs.copy()
    for i in np.flatnonzero(ended):
        led_to[i] = info["final_obs"][i]
    return led_to
