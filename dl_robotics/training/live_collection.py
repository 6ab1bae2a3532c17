"""Transitions from environments whose steps may not come to be: simulators that hang or die, robots out of reach."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

import numpy as np
import numpy.typing as npt

from dl_robotics.rl.replay import Batch
from dl_robotics.rl.spaces import ActionSpace
from dl_robotics.training.collection import RECENT_EPISODES, Actor, Collected, last_observations
from dl_robotics.training.environments import env_state, restore_env, spaces
from dl_robotics.training.episodes import Episode, EpisodeStatistics, EpisodeTracker

Row = dict[str, npt.NDArray[Any]]  # the fields of one transition, and ``ended``
COLUMNS = ("obs", "action", "reward", "next_obs", "terminated", "ended")


class LiveCollector:
    """The :class:`~dl_robotics.training.collection.Source` over a vector environment with ``send``, ``wait`` and
    ``info["broken"]`` (see :mod:`dl_robotics.nodes.live_env`).

    Every transition is held back until its environment's next one has come. One that breaks off gives the held one as a
    time-out, and what was under way is dropped; the others' transitions wait for it, none is lost.

    :raises ConfigError: if the environments' spaces are not those of :func:`.environments.spaces`.
    """

    def __init__(self, env: Any, seed: int) -> None:
        self.env = env
        self.obs_dim: int
        self.space: ActionSpace
        self.obs_dim, self.space = spaces(env)
        with ExitStack() as stack:
            stack.callback(env.close)  # its processes must not outlive a failure
            self.obs = np.array(env.reset(seed=seed)[0], np.float32)
            stack.pop_all()
        self._held = [deque[Row]() for _ in range(env.num_envs)]
        self._tracker = EpisodeTracker(env.num_envs)
        self._recent = deque[Episode](maxlen=RECENT_EPISODES)
        self.episodes: list[Episode] = []
        self.broken = 0  # steps that did not come to be

    def begin(self, actor: Actor, step: int) -> None:
        """Choose actions; send them off."""
        self._actor, self._step = actor, step
        self._send()

    def finish(self) -> Collected:
        """The oldest transition of every environment; where one broke off, all act again first."""
        self.episodes = []
        self._take()
        while min(map(len, self._held)) < 2:
            self._send()
            self._take()
        rows = [held.popleft() for held in self._held]
        columns = {name: np.stack([row[name] for row in rows]) for name in COLUMNS}
        ended = columns.pop("ended")
        return Collected(Batch(**columns), ended)

    def statistics(self) -> EpisodeStatistics:
        """Averages over the last episodes that ended; those that broke off do not count."""
        return EpisodeStatistics.of(self._recent)

    def close(self) -> None:
        """Close the environments."""
        self.env.close()

    def state_dict(self) -> dict[str, Any]:
        """All but where the robots are: a resumed run begins new episodes, and cannot equal an uninterrupted one."""
        held = {str(i): _stacked(rows) for i, rows in enumerate(self._held)}
        return {"held": held, "recent": [list(episode) for episode in self._recent], "env": env_state(self.env)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave; the interruption counts as a break."""
        restore_env(self.env, state["env"])
        for i, rows in enumerate(self._held):
            rows.clear()
            rows.extend(_rows(state["held"][str(i)]) if str(i) in state["held"] else ())
            self._break_off(i)
        self._recent.clear()
        self._recent.extend(Episode(*row) for row in state["recent"])

    def _send(self) -> None:
        self._action = self._actor.act(self.obs, self._step)
        self.env.send(self.space.outwards(self._action))

    def _take(self) -> None:
        seen, reward, terminated, truncated, info = self.env.wait()
        ended, broken = terminated | truncated, info["broken"]
        next_obs = np.array(seen, np.float32)
        led_to = last_observations(next_obs, ended, info)
        reward = np.asarray(reward, np.float32)
        fields = (self.obs, self._action, reward, led_to, terminated, ended)
        for i in range(len(self._held)):
            if broken[i]:
                self._break_off(i)
            else:
                self._held[i].append({name: np.array(field[i]) for name, field in zip(COLUMNS, fields, strict=True)})
        episodes = self._tracker.add(reward, ended | broken, info)
        whole = [episode for episode in episodes if not broken[episode.env]]
        self.episodes += whole
        self._recent.extend(whole)
        self.broken += int(broken.sum())
        self.obs = next_obs

    def _break_off(self, env: int) -> None:
        """The episode has ended with the last whole transition."""
        if self._held[env]:
            self._held[env][-1]["ended"] = np.array(True)


def _stacked(rows: deque[Row]) -> dict[str, npt.NDArray[Any]]:
    return {name: np.stack([row[name] for row in rows]) for name in COLUMNS} if rows else {}


def _rows(stacked: Mapping[str, npt.NDArray[Any]]) -> list[Row]:
    count = len(stacked["ended"]) if stacked else 0
    return [{name: np.array(stacked[name][n]) for name in COLUMNS} for n in range(count)]
