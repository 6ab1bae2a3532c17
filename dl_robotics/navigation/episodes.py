"""N navigation episodes running side by side in one engine: everything between a command and its reward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from dl_robotics.navigation.observation import Observations, Observer
from dl_robotics.navigation.retrace import Way
from dl_robotics.navigation.retry import Retry, RetryConfig
from dl_robotics.navigation.reward import reward_terms, weights
from dl_robotics.navigation.scenario import Sampler, Scenarios
from dl_robotics.navigation.task import Task
from dl_robotics.navigation.view import Image, TopView
from dl_robotics.sim.engine import Array, Engine, Indices, Mask
from dl_robotics.sim.world import World

EVERY = slice(None)
REMEMBERED = ("goal", "steps", "_commands", "_latency_s", "_distance")  # arrays of Episodes besides the engine's


@dataclass(frozen=True)
class Outcome:
    """What one step brought N episodes; ``truncated`` is a time-out and never a termination."""

    reward: Array
    terms: Array  # (N, 8) unweighted, see reward.TERMS
    success: Mask
    collision: Mask
    tumbled: Mask
    truncated: Mask

    @cached_property
    def terminated(self) -> Mask:
        """(N,) whether the task ended: success, collision or tumble."""
        return np.asarray(self.success | self.collision | self.tumbled)


class Episodes:
    """The task's bookkeeping over an engine: goals, latency, sensor noise, rewards and endings.

    :param engine: N worlds; its beams and control period must be the task's.
    :param task: what is to be done.
    :param sampler: draws scenarios.
    :param retry: whether and how failed episodes are tried again.
    """

    def __init__(self, engine: Engine, task: Task, sampler: Sampler, retry: RetryConfig | None = None) -> None:
        self.engine, self.task, self.sampler = engine, task, sampler
        count = engine.num_envs
        self._weights = weights(task)
        longest = int(task.randomisation.latency_s[1] / task.control_period_s) + 2
        self._commands = np.zeros((longest, count, 2))  # the newest first
        self._all = np.arange(count)
        self._latency_s = np.zeros(count)
        self._way = Way(engine, task.max_steps)
        self._observer = Observer(task, count)
        self._retry = Retry(retry or RetryConfig(share=0.0), task, count)
        self._distance = np.zeros(count)
        self._viewed: tuple[World, TopView] | None = None
        self.goal = np.zeros((count, 2))
        self.steps = np.zeros(count, dtype=np.int64)

    def begin(self, envs: Indices, rng: np.random.Generator, options: Mapping[str, Any] | None = None) -> None:
        """Start new episodes in the environments ``envs``, as ``options`` give or ``rng`` draws them."""
        again = self._retry.choose(envs, rng) & (options is None)
        if again.any():
            failed = envs[again]
            last = Scenarios(self._way.start(failed), self.goal[failed], self._latency_s[failed])
            self._begin(failed, self._retry.again(failed, last, rng))
        if not again.all():
            self._begin(envs[~again], self.sampler.draw(rng, envs[~again], options))

    def _begin(self, envs: Indices, scenarios: Scenarios) -> None:
        self._way.begin(envs, scenarios.start, scenarios.latency_s % self.task.control_period_s)
        self._observer.forget(envs)
        self._retry.begin(envs, scenarios.start.pose)
        self.goal[envs] = scenarios.goal
        self.steps[envs] = 0
        self._commands[:, envs] = 0.0
        self._latency_s[envs] = scenarios.latency_s
        self._distance[envs] = np.linalg.norm(scenarios.start.pose[:, :2] - scenarios.goal, axis=1)

    def advance(self, commands: Array) -> Outcome:
        """Drive all robots for one control period with ``commands`` (N, 2) in m/s and rad/s."""
        turn = commands[:, 1] - self._commands[0, :, 1]
        self._commands[1:] = self._commands[:-1]
        self._commands[0] = commands
        whole_periods = (self._latency_s // self.task.control_period_s).astype(np.int64)
        self._way.step(self._commands[whole_periods, self._all])
        self.steps += 1
        engine = self.engine
        failed = engine.collided | engine.tumbled
        self._retry.advance(engine.pose, engine.collided)
        driven = turn, commands[:, 0]
        terms, reached = reward_terms(self.task, engine.ranges, self._distance, engine.pose, self.goal, *driven, failed)
        late = (self.steps >= self.task.max_steps) & ~failed & ~reached
        return Outcome(terms @ self._weights, terms, reached, engine.collided.copy(), engine.tumbled.copy(), late)

    def observation(self, rng: np.random.Generator, envs: Indices | None = None) -> Observations:
        """(k, size) what the policies see in the environments ``envs``, with the task's sensor noise and dropout.

        To be asked once after each step, and once more where an episode has begun.
        """
        engine = self.engine
        envs = self._all if envs is None else envs
        velocity, goal, commands = engine.velocity[envs], self.goal[envs], self._commands[0, envs]
        return self._observer(envs, self.measured(rng, envs), engine.pose[envs], velocity, goal, commands)

    def measured(self, rng: np.random.Generator, envs: Indices | slice = EVERY) -> Array:
        """(k, beams) what the lidars return, m: the true ranges with the task's noise and dropout."""
        ranges = self.engine.ranges[envs]
        random = self.task.randomisation
        if random.lidar_noise_m > 0.0:
            ranges = ranges + rng.normal(0.0, random.lidar_noise_m, ranges.shape)
        if random.lidar_dropout > 0.0:
            ranges = np.where(rng.random(ranges.shape) < random.lidar_dropout, np.inf, ranges)
        return ranges

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, as copies; the engine's state is the way that led there."""
        return {
            "sampler": self.sampler.state_dict(),
            "way": self._way.state_dict(),
            "history": self._observer.history.state_dict(),
            "retry": self._retry.state_dict(),
            **{name: getattr(self, name).copy() for name in REMEMBERED},
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        self.sampler.load_state_dict(state["sampler"])
        self._way.load_state_dict(state["way"])
        self._observer.history.load_state_dict(state["history"])
        self._retry.load_state_dict(state["retry"])
        for name in REMEMBERED:
            getattr(self, name)[:] = state[name]

    def draw(self, index: int) -> Image:
        """One of the worlds seen from above, (height, width, 3) RGB."""
        engine = self.engine
        pose = engine.pose[index]
        seen = np.isfinite(engine.ranges[index])
        angles = pose[2] + engine.beams.angles[seen]
        hits = pose[:2] + engine.ranges[index, seen, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        return self._view(index).draw(pose, self.goal[index], engine.mover_pose[index], hits)

    def _view(self, index: int) -> TopView:
        world, free_space = self.sampler.where(index)
        if self._viewed is None or self._viewed[0] is not world:
            self._viewed = world, TopView(world, free_space, self.task.footprint_radius_m)
        return self._viewed[1]
