"""The reinforcement loop: collect, store, learn, evaluate, keep the best."""

from __future__ import annotations

import dataclasses
import math
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np

from dl_robotics import config
from dl_robotics.checkpoint import Checkpoint
from dl_robotics.rl.dqn import DQN
from dl_robotics.rl.policy import GreedyPolicy, PolicyConfig
from dl_robotics.rl.replay import ReplayBuffer
from dl_robotics.training.best import BestCheckpoint
from dl_robotics.training.collection import Collector
from dl_robotics.training.environments import VectorEnvironment, make_environments, sizes
from dl_robotics.training.episodes import EpisodeStatistics
from dl_robotics.training.evaluation import evaluate
from dl_robotics.training.logging import ScalarLog
from dl_robotics.training.progress import Progress
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.threads import compute_threads

BEST = "best.safetensors"


def train(recipe: Recipe, output: Path) -> EpisodeStatistics:
    """Train by a recipe; leave ``best.safetensors``, CSV files and TensorBoard events.

    :param output: an existing folder.
    :returns: the evaluation of the policy that was kept.
    :raises ConfigError: if the environments cannot be made or do not fit the algorithm.
    """
    with ExitStack() as stack:
        stack.enter_context(compute_threads(recipe.threads))
        env = stack.enter_context(closing(make_environments(recipe.env, recipe.num_envs)))
        eval_env = stack.enter_context(closing(make_environments(recipe.env, recipe.eval_envs)))
        log = stack.enter_context(ScalarLog(output))
        progress = stack.enter_context(Progress(recipe.total_steps))
        best = BestCheckpoint(output / BEST)
        return Trainer(recipe, env, eval_env, best=best, log=log, progress=progress).run()


class Trainer:
    """One run of the loop.

    Every generator descends from the recipe's seed, so equal recipes give equal weights on the CPU.
    """

    def __init__(
        self,
        recipe: Recipe,
        env: VectorEnvironment,
        eval_env: VectorEnvironment,
        *,
        best: BestCheckpoint,
        log: ScalarLog,
        progress: Progress,
    ) -> None:
        self.recipe, self.eval_env, self.best, self.log, self.progress = recipe, eval_env, best, log, progress
        env_seed, self.eval_seed, weights_seed, explore_seed, replay_seed = _seeds(recipe.seed, 5)
        self.policy_config, self.task = _policy_config(recipe, env), _task(env)
        obs_dim, num_actions = self.policy_config.obs_dim, self.policy_config.num_actions
        self.collector = Collector(env, env_seed)
        self.replay = ReplayBuffer(recipe.replay_capacity, obs_dim)
        self.learner = DQN(recipe.algorithm, obs_dim, num_actions, weights_seed)
        self.explore_rng, self.replay_rng = np.random.default_rng(explore_seed), np.random.default_rng(replay_seed)
        self.updates_owed = 0.0
        self.figures: list[dict[str, float]] = []  # of the updates since the last report
        self.started_s = time.monotonic()

    def run(self) -> EpisodeStatistics:
        """Train to the end; return the best evaluation."""
        recipe, stride = self.recipe, self.recipe.num_envs
        for step in range(stride, recipe.total_steps + 1, stride):
            at_end = step + stride > recipe.total_steps
            self._collect(step)
            if step >= recipe.learning_starts:
                self._learn()
            if at_end or step % recipe.log_every < stride:
                self._report(step)
            if at_end or step % recipe.eval_every < stride:
                self._evaluate(step)
        return self.best.statistics

    def _collect(self, step: int) -> None:
        action = self.learner.act(self.collector.obs, self.recipe.epsilon(step), self.explore_rng)
        self.replay.add(self.collector.step(action))

    def _learn(self) -> None:
        """The updates that one step of all environments is worth; a fraction is carried over."""
        self.updates_owed += self.recipe.num_envs * self.recipe.updates_per_step
        while self.updates_owed >= 1.0:
            self.figures.append(self.learner.update(self.replay.sample(self.recipe.batch_size, self.replay_rng)))
            self.updates_owed -= 1.0

    def _report(self, step: int) -> None:
        recent = self.collector.statistics()
        elapsed_s = time.monotonic() - self.started_s
        collected = {**recent._asdict(), "epsilon": self.recipe.epsilon(step), "elapsed_s": elapsed_s}
        self.log.write("training", step, collected)
        if self.figures:
            means = {name: float(np.mean([row[name] for row in self.figures])) for name in self.figures[0]}
            self.log.write("learning", step, means)
            self.figures.clear()
        self.progress.update(step, {"return": recent.mean_return, "success": recent.success_rate})

    def _evaluate(self, step: int) -> None:
        policy = GreedyPolicy(self.learner.online)
        statistics = evaluate(policy, self.eval_env, self.recipe.eval_episodes, self.eval_seed)
        self.log.write("evaluation", step, statistics._asdict())
        kept = self.best.offer(statistics, lambda: self._checkpoint(step, statistics))
        self.progress.note(f"evaluation after {step} steps: {statistics}{' (kept)' if kept else ''}")

    def _checkpoint(self, step: int, statistics: EpisodeStatistics) -> Checkpoint:
        told = {name: value for name, value in statistics._asdict().items() if not math.isnan(value)}
        return Checkpoint(
            kind=self.recipe.algorithm.kind,
            weights=self.learner.online.state_dict(),
            config=config.to_dict(self.policy_config),
            task=self.task,
            metrics={"step": step, **told},
            data_version=f"{self.recipe.env.id}, gymnasium {gym.__version__}",
        )


def _seeds(seed: int, count: int) -> list[int]:
    return [int(child.generate_state(1)[0]) for child in np.random.SeedSequence(seed).spawn(count)]


def _policy_config(recipe: Recipe, env: VectorEnvironment) -> PolicyConfig:
    training = config.to_dict(recipe)
    del training["algorithm"]  # it has a place of its own
    obs_dim, num_actions = sizes(env)
    return PolicyConfig(recipe.algorithm, obs_dim, num_actions, training)


def _task(env: VectorEnvironment) -> dict[str, Any]:
    """The task of environments that have one (see ``navigation/task.py``), as plain data."""
    task = getattr(env.unwrapped, "task", None)
    return config.to_dict(task) if dataclasses.is_dataclass(task) else {}
