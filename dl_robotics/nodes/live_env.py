"""Robots behind topics as a Gymnasium vector environment: a simulator of any kind, or real ones.

Same observation, actions, rewards and endings as :mod:`dl_robotics.navigation.environment`. A step ends with the scan
that follows the command by one control period. All robots step together: one that begins a new episode keeps the
others waiting, which simulators that wait for commands bear, and robots in real time answer with a broken episode.

Where a step does not come to be (a simulator hangs or dies, a scan is missed), ``info["broken"]`` is true: reward and
ending of that environment say nothing, and its observation is the first of another episode.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

import gymnasium as gym
import numpy as np
import numpy.typing as npt
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from dl_robotics import config
from dl_robotics.config import require
from dl_robotics.navigation import observation
from dl_robotics.navigation.action import action_space, command
from dl_robotics.navigation.episodes import Outcome
from dl_robotics.navigation.goal_drawing import BoxPlaces, GoalPlaces, free_places
from dl_robotics.navigation.task import Task
from dl_robotics.nodes.live_config import GoalConfig, LiveConfig
from dl_robotics.nodes.live_robot import LiveRobot
from dl_robotics.resources import shipped
from dl_robotics.training.recipe import LIVE_ENV

METADATA: dict[str, Any] = {"render_modes": [], "autoreset_mode": AutoresetMode.SAME_STEP, "may_break": True}
Step = tuple[observation.Observations, npt.NDArray[np.float64], Any, Any, dict[str, Any]]


class LiveVectorEnv(VectorEnv[Any, Any, Any]):
    """N robots, each in its own namespace or ROS domain.

    ``reset`` takes a seed of the goals; where robots start is the simulator's affair.

    :param num_envs: as many as there are ``robots``.
    :param settings: fields of :class:`~dl_robotics.nodes.live_config.LiveConfig`.
    :raises ConfigError: for settings that do not fit.
    """

    metadata = METADATA

    def __init__(self, num_envs: int = 1, **settings: Any) -> None:
        told = config.from_dict(LiveConfig, settings, "env.kwargs")
        require(num_envs == len(told.robots), "num_envs", f"{len(told.robots)}, one for each robot", num_envs)
        self.task = config.load(Task, shipped("tasks", told.task, ".yaml"))
        self.num_envs = num_envs
        self.single_action_space = action_space(self.task.action)
        self.single_observation_space = gym.spaces.Box(-1.0, 1.0, (observation.size(self.task),), np.float32)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        places = _places(told.goals, self.task)
        self.robots: list[LiveRobot] = []
        with ExitStack() as stack:
            stack.callback(self.close)
            self.robots.extend(LiveRobot(address, told, self.task, places) for address in told.robots)
            stack.pop_all()

    def reset(
        self, *, seed: int | list[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[observation.Observations, dict[str, Any]]:
        """Begin an episode with every robot."""
        if seed is not None:
            seeds = [seed] if isinstance(seed, int) else [one for one in seed if one is not None]
            self._np_random = np.random.default_rng(seeds)
        for robot in self.robots:
            robot.begin(self.np_random)
        return self._seen(), {}

    def step(self, actions: npt.NDArray[Any]) -> Step:
        """One control period of all robots; ended episodes begin anew within it."""
        self.send(actions)
        return self.wait()

    def send(self, actions: npt.NDArray[Any]) -> None:
        """The first half of a step: command every robot."""
        for robot, (forward, turn) in zip(self.robots, command(self.task.action, actions).tolist(), strict=True):
            robot.send((forward, turn))

    def wait(self) -> Step:
        """The second half of a step."""
        outcomes = [robot.finish() for robot in self.robots]
        last = self._seen()
        broken = np.array([outcome is None for outcome in outcomes])
        columns = {
            name: _column(outcomes, name) for name in ("success", "collision", "tumbled", "terminated", "truncated")
        }
        terminated, truncated = columns.pop("terminated"), columns.pop("truncated")
        ended = terminated | truncated
        for robot, anew in zip(self.robots, ended | broken, strict=True):
            if anew:
                robot.begin(self.np_random)
        values = {**columns, "final_obs": last}
        told = {f"_{name}": ended for name in values}
        reward = np.array([0.0 if outcome is None else float(outcome.reward[0]) for outcome in outcomes])
        return self._seen(), reward, terminated, truncated, {**values, **told, "broken": broken}

    def close_extras(self, **kwargs: Any) -> None:
        """Stop the robots, end their simulators."""
        for robot in self.robots:
            robot.close()
        self.robots = []

    def state_dict(self) -> dict[str, Any]:
        """The generator of the goals; a robot's own state cannot be kept."""
        return {"generator": self.np_random.bit_generator.state}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Draw the goals from where it was; robots are where they are."""
        self.np_random.bit_generator.state = state["generator"]

    def _seen(self) -> observation.Observations:
        return np.stack([robot.obs for robot in self.robots])


def _column(outcomes: list[Outcome | None], name: str) -> npt.NDArray[np.bool_]:
    return np.array([outcome is not None and bool(getattr(outcome, name)[0]) for outcome in outcomes])


def _places(goals: GoalConfig, task: Task) -> GoalPlaces:
    return BoxPlaces(goals.box) if goals.box else free_places(goals.world, goals.robot, task)


if LIVE_ENV not in gym.registry:
    gym.register(LIVE_ENV, vector_entry_point=LiveVectorEnv)
