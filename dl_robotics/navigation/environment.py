"""The navigation task as Gymnasium environments: one robot, or N side by side.

A step lasts one control period of simulated time. Reaching the goal, colliding and tumbling terminate an episode; its
time limit truncates it. The vector form resets an ended episode in the same step and hands out its last observation as
``info["final_obs"]`` (``AutoresetMode.SAME_STEP``).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import numpy.typing as npt
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from dl_robotics import config
from dl_robotics.navigation import observation
from dl_robotics.navigation.action import action_space, command
from dl_robotics.navigation.build import EngineName, WorldChoice, build_episodes
from dl_robotics.navigation.episodes import Outcome
from dl_robotics.navigation.mirrored import mirror
from dl_robotics.navigation.retry import RetryConfig
from dl_robotics.navigation.task import Task
from dl_robotics.rl.mirror import Mirror
from dl_robotics.sim.engine import Array

FRAME_METADATA: dict[str, Any] = {"render_modes": ["rgb_array"], "render_fps": 10}
VECTOR_METADATA: dict[str, Any] = {**FRAME_METADATA, "autoreset_mode": AutoresetMode.SAME_STEP}


class NavigationVectorEnv(VectorEnv[Any, Any, Any]):
    """N robots driving to their goals, in N copies of one world or each in worlds of its own.

    :param world: an SDF world, its path, the name of a shipped one (``arena``), or how worlds are drawn, a new one
        after every few episodes (``{worlds: {kind: clutter}, episodes: 4}``; see ``worlds.py``).
    :param task: a task, the path of its YAML file, or the name of a shipped one (``burger``).
    :param engine: ``planar`` (batched, fast) or ``mujoco`` (wheel contact).
    :param robot: SDF file of the robot, for a world that has none.
    :param retry: for training, how failed episodes are tried again (see ``retry.py``).
    :raises ConfigError: if the task is not made for the robot.
    """

    metadata = VECTOR_METADATA

    def __init__(
        self,
        world: WorldChoice,
        task: Task | str | Path,
        num_envs: int = 1,
        engine: EngineName = "planar",
        robot: str | Path | None = None,
        render_mode: str | None = None,
        retry: Mapping[str, Any] | None = None,
    ) -> None:
        trying = None if retry is None else config.from_dict(RetryConfig, retry, "retry")
        self.episodes = build_episodes(world, task, num_envs, engine, robot, trying)
        self.task = self.episodes.task
        self.num_envs = num_envs
        self.render_mode = render_mode
        self.single_action_space = action_space(self.task.action)
        self.single_observation_space = gym.spaces.Box(-1.0, 1.0, (observation.size(self.task),), np.float32)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.observation_space = batch_space(self.single_observation_space, num_envs)

    def reset(
        self, *, seed: int | list[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[observation.Observations, dict[str, Any]]:
        """Begin N episodes; ``options`` may give ``pose``, ``goal`` and ``mover_time_s`` (see ``scenario.py``)."""
        if isinstance(seed, list):
            self._np_random = np.random.default_rng([s for s in seed if s is not None] or None)
        elif seed is not None:
            self._np_random, self._np_random_seed = gym.utils.seeding.np_random(seed)
        if seed is not None:
            self.episodes.sampler.renew()
        self.episodes.begin(np.arange(self.num_envs), self.np_random, options)
        return self.episodes.observation(self.np_random), {}

    def step(self, actions: npt.NDArray[Any]) -> tuple[observation.Observations, Array, Any, Any, dict[str, Any]]:
        """One control period of all robots; ended episodes begin anew within it."""
        outcome = self.episodes.advance(command(self.task.action, actions))
        seen = self.episodes.observation(self.np_random)
        info: dict[str, Any] = {}
        ended = outcome.terminated | outcome.truncated
        if ended.any():
            info = _last_words(outcome, seen, ended)
            anew = np.flatnonzero(ended)
            self.episodes.begin(anew, self.np_random)
            seen = seen.copy()  # the last observations are the learner's now
            seen[anew] = self.episodes.observation(self.np_random, anew)
        return seen, outcome.reward, outcome.terminated, outcome.truncated, info

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed training needs, as copies."""
        return {"episodes": self.episodes.state_dict(), "generator": self.np_random.bit_generator.state}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave, bit for bit."""
        self.episodes.load_state_dict(state["episodes"])
        self.np_random.bit_generator.state = state["generator"]

    @property
    def mirror(self) -> Mirror:
        """What observations and actions become where left is right.

        :raises ConfigError: if the task's sectors or actions are not alike to both sides.
        """
        return mirror(self.task)

    def render(self) -> tuple[npt.NDArray[np.uint8], ...] | None:
        """Every world seen from above, (height, width, 3) RGB each."""
        if self.render_mode is None:
            return None
        return tuple(self.episodes.draw(index) for index in range(self.num_envs))


class NavigationEnv(gym.Env[Any, Any]):
    """One robot driving to its goal; the arguments are those of :class:`NavigationVectorEnv`."""

    metadata = FRAME_METADATA

    def __init__(
        self,
        world: WorldChoice,
        task: Task | str | Path,
        engine: EngineName = "planar",
        robot: str | Path | None = None,
        render_mode: str | None = None,
    ) -> None:
        self.episodes = build_episodes(world, task, 1, engine, robot)
        self.task = self.episodes.task
        self.render_mode = render_mode
        self.action_space = action_space(self.task.action)
        self.observation_space = gym.spaces.Box(-1.0, 1.0, (observation.size(self.task),), np.float32)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[observation.Observations, dict[str, Any]]:
        """Begin an episode; ``options`` may give ``pose``, ``goal`` and ``mover_time_s`` (see ``scenario.py``)."""
        super().reset(seed=seed)
        if seed is not None:
            self.episodes.sampler.renew()
        self.episodes.begin(np.zeros(1, dtype=np.int64), self.np_random, options)
        return self.episodes.observation(self.np_random)[0], {}

    def step(self, action: Any) -> tuple[observation.Observations, float, bool, bool, dict[str, Any]]:
        """One control period."""
        outcome = self.episodes.advance(command(self.task.action, np.asarray(action)[None]))
        terminated, truncated = bool(outcome.terminated[0]), bool(outcome.truncated[0])
        info = {key: bool(value[0]) for key, value in _endings(outcome).items()} if terminated or truncated else {}
        return self.episodes.observation(self.np_random)[0], float(outcome.reward[0]), terminated, truncated, info

    def render(self) -> npt.NDArray[np.uint8] | None:
        """The world seen from above, (height, width, 3) RGB."""
        return None if self.render_mode is None else self.episodes.draw(0)


def _endings(outcome: Outcome) -> dict[str, Any]:
    return {"success": outcome.success, "collision": outcome.collision, "tumbled": outcome.tumbled}


def _last_words(outcome: Outcome, seen: observation.Observations, ended: Any) -> dict[str, Any]:
    """Gymnasium's vector infos: a value an environment, and under ``_key`` where it holds."""
    values = {**_endings(outcome), "final_obs": seen}
    return values | {f"_{key}": ended for key in values}
