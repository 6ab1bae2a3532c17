"""Where transitions come from."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple, Protocol

import numba
import numpy as np
import numpy.typing as npt
from torch import nn

from dl_robotics.rl.replay import Batch
from dl_robotics.rl.spaces import ActionSpace
from dl_robotics.training.environments import VectorEnvironment, env_state, restore_env, spaces
from dl_robotics.training.episodes import Episode, EpisodeStatistics, EpisodeTracker

RECENT_EPISODES = 100


class Actor(Protocol):
    """What chooses the actions: see :class:`~dl_robotics.training.agents.Agent`."""

    def act(self, obs: npt.NDArray[np.float32], step: int) -> npt.NDArray[Any]:
        """Actions for observations (N, D): indices, or numbers in [-1, 1]."""

    @property
    def network(self) -> nn.Module:
        """The greedy policy's, by whose weights copies of the actor act elsewhere."""


class Collected(NamedTuple):
    """One step of all N environments."""

    transitions: Batch  # N rows: one of each environment, always in the same order
    ended: npt.NDArray[np.bool_]  # (N,) whether it ended the episode, by termination or time-out


class Source(Protocol):
    """Steps N environments, wherever they are: here, behind topics, on other machines.

    A step has two halves, and the trainer may learn between them: ``begin`` chooses the actions and sets the
    environments going, ``finish`` waits for them. Both are called in turns, beginning with ``begin``, by one thread.

    Every step gives a transition of every environment. A source whose environment breaks off starts it anew before it
    goes on; it gives the last transition before the break as a time-out (``ended`` but not ``terminated``), for which
    it holds each one back until the next has come.
    """

    @property
    def obs_dim(self) -> int:
        """Number of observed values, D."""

    @property
    def space(self) -> ActionSpace:
        """What the actions are chosen from."""

    @property
    def episodes(self) -> Sequence[Episode]:
        """Those that the last step ended."""

    def begin(self, actor: Actor, step: int) -> None:
        """Begin to act once in every environment.

        :param actor: asked by the source, which knows the observations. It learns after this returns: a source that
            asks later or elsewhere takes its weights now.
        :param step: of the training, once this one is done.
        """

    def finish(self) -> Collected:
        """What became of it."""

    def statistics(self) -> EpisodeStatistics:
        """Averages over the last episodes that ended."""

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs; asked only between ``finish`` and ``begin``."""

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""

    def close(self) -> None:
        """Let go of the environments."""


class Collector:
    """The :class:`Source` that steps a vector environment of this process and keeps count of its episodes.

    ``obs`` (N, D) is what the next actions answer to; ``episodes`` are those that the last step ended.

    :param overlap: whether the environments step in a thread of their own between ``begin`` and ``finish``.
    :param threads: that the environments compute with there.
    :raises ConfigError: if the environments' spaces are not those of :func:`.environments.spaces`.
    """

    def __init__(self, env: VectorEnvironment, seed: int, overlap: bool = False, threads: int = 1) -> None:
        self.env = env
        self.obs_dim: int
        self.space: ActionSpace
        self.obs_dim, self.space = spaces(env)
        self.obs = np.array(env.reset(seed=seed)[0], dtype=np.float32)
        self.episodes: Sequence[Episode] = ()
        self._tracker = EpisodeTracker(env.num_envs)
        self._recent = deque[Episode](maxlen=RECENT_EPISODES)
        # Numba counts threads for each thread that calls it.
        limited = min(threads, numba.get_num_threads())
        self._stepper = ThreadPoolExecutor(1, "environments", numba.set_num_threads, (limited,)) if overlap else None
        self._action: npt.NDArray[Any] = np.empty(0)
        self._outcome: Future[Any] = Future()

    def begin(self, actor: Actor, step: int) -> None:
        """Choose actions; send them off."""
        self._action = actor.act(self.obs, step)
        outwards = self.space.outwards(self._action)
        if self._stepper is not None:
            self._outcome = self._stepper.submit(self.env.step, outwards)
        else:
            self._outcome = Future()
            self._outcome.set_result(self.env.step(outwards))

    def finish(self) -> Collected:
        """The N transitions."""
        seen, reward, terminated, truncated, info = self._outcome.result()
        ended = terminated | truncated
        # Copies: the environment may reuse its arrays, and the rows of ended episodes are replaced.
        next_obs = np.array(seen, dtype=np.float32)
        transitions = Batch(
            obs=self.obs,
            action=self._action,
            reward=np.array(reward, np.float32),
            next_obs=last_observations(next_obs, ended, info),
            terminated=np.array(terminated),
        )
        self.episodes = self._tracker.add(reward, ended, info)
        self._recent.extend(self.episodes)
        self.obs = next_obs
        return Collected(transitions, ended)

    def close(self) -> None:
        """End the thread and close the environments."""
        if self._stepper is not None:
            self._stepper.shutdown()
        self.env.close()

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


def last_observations(
    next_obs: npt.NDArray[np.float32], ended: npt.NDArray[np.bool_], info: Mapping[str, Any]
) -> npt.NDArray[np.float32]:
    """The observations that the actions led to: an ended episode's last one, not the next episode's first."""
    if not ended.any():
        return next_obs
    led_to = next_obs.copy()
    for i in np.flatnonzero(ended):
        led_to[i] = info["final_obs"][i]
    return led_to
