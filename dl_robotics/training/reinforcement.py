"""The reinforcement loop: collect, learn, evaluate, keep the best; resumed exactly, wherever it was killed."""

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
from dl_robotics.config import require
from dl_robotics.rl.policy import GreedyPolicy, PolicyConfig
from dl_robotics.rl.spaces import Continuous, Discrete
from dl_robotics.training.agents import make_agent
from dl_robotics.training.best import BestCheckpoint
from dl_robotics.training.collection import Collector
from dl_robotics.training.environments import VectorEnvironment, make_environments
from dl_robotics.training.episodes import EpisodeStatistics
from dl_robotics.training.evaluation import evaluate
from dl_robotics.training.logging import ScalarLog
from dl_robotics.training.progress import Progress
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.run_state import load_state, save_state, saved_states
from dl_robotics.training.threads import compute_threads

BEST = "best.safetensors"


def train(recipe: Recipe, output: Path, resume: bool = False) -> EpisodeStatistics:
    """Train by a recipe; leave ``best.safetensors``, the last training states, CSV files and TensorBoard events.

    :param output: an existing folder.
    :param resume: go on from the folder's newest state; begin at the beginning if there is none. The result is that of
        an uninterrupted run, bit for bit.
    :returns: the evaluation of the policy that was kept.
    :raises ConfigError: if the environments cannot be made or do not fit the algorithm, or the folder holds a run that
        is not to be resumed.
    :raises TrainingError: if the run to be resumed is another.
    """
    held = [path.name for path in (output / BEST, *saved_states(output)) if path.exists()]
    require(resume or not held, "output", "a folder without a run, or --resume", f"{output} with {', '.join(held)}")
    saved = load_state(output, config.to_dict(recipe))
    done = 0 if saved is None else saved[0]
    with ExitStack() as stack:
        stack.enter_context(compute_threads(recipe.threads))
        env = stack.enter_context(closing(make_environments(recipe.env, recipe.num_envs)))
        eval_env = stack.enter_context(closing(make_environments(recipe.env, recipe.eval_envs)))
        log = stack.enter_context(ScalarLog(output, done if resume else None))
        progress = stack.enter_context(Progress(recipe.total_steps, done=done))
        trainer = Trainer(recipe, env, eval_env, best=BestCheckpoint(output / BEST), log=log, progress=progress)
        if saved is not None:
            trainer.load_state_dict(saved[1])
        return trainer.run(done, output)


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
        self.collector = Collector(env, env_seed)
        self.policy_config, self.task = _policy_config(recipe, self.collector), _task(env)
        seeds = (weights_seed, explore_seed, replay_seed)
        self.agent = make_agent(recipe, self.collector.obs_dim, self.collector.space, seeds)
        self.learned: list[dict[str, float]] = []  # figures of the updates since the last report
        self.worked_s = 0.0  # before an interruption
        self.started_s = time.monotonic()

    def run(self, done: int = 0, output: Path | None = None) -> EpisodeStatistics:
        """Train to the end; return the best evaluation.

        :param done: steps that were done before the state that was loaded.
        :param output: folder for the training states; none are saved unless given.
        """
        recipe, stride, saved_s = self.recipe, self.recipe.num_envs, time.monotonic()
        for step in range(done + stride, recipe.total_steps + 1, stride):
            at_end = step + stride > recipe.total_steps
            self._advance(step)
            if at_end or step % recipe.log_every < stride:
                self._report(step)
            if at_end or step % recipe.eval_every < stride:
                self._evaluate(step)
            if output and (at_end or time.monotonic() - saved_s >= recipe.save_every_s):
                save_state(output, step, self.state_dict(), config.to_dict(recipe), recipe.keep_states)
                saved_s = time.monotonic()
        return self.best.statistics

    def _advance(self, step: int) -> None:
        action = self.agent.act(self.collector.obs, step)
        transitions = self.collector.step(action)
        self.learned += self.agent.learn(transitions, self.collector.ended, step)

    def _report(self, step: int) -> None:
        recent = self.collector.statistics()
        collected = {**recent._asdict(), **self.agent.figures(step), "elapsed_s": self._elapsed_s()}
        self.log.write("training", step, collected)
        if self.learned:
            names = {name: None for row in self.learned for name in row}
            means = {name: float(np.mean([row[name] for row in self.learned if name in row])) for name in names}
            self.log.write("learning", step, means)
            self.learned.clear()
        self.progress.update(step, {"return": recent.mean_return, "success": recent.success_rate})

    def _evaluate(self, step: int) -> None:
        policy = GreedyPolicy(self.agent.network, self.collector.obs_dim, self.collector.space)
        statistics = evaluate(policy, self.eval_env, self.recipe.eval_episodes, self.eval_seed)
        self.log.write("evaluation", step, statistics._asdict())
        kept = self.best.offer(statistics, lambda: self._checkpoint(step, statistics))
        self.progress.note(f"evaluation after {step} steps: {statistics}{' (kept)' if kept else ''}")

    def _checkpoint(self, step: int, statistics: EpisodeStatistics) -> Checkpoint:
        told = {name: value for name, value in statistics._asdict().items() if not math.isnan(value)}
        return Checkpoint(
            kind=self.recipe.algorithm.kind,
            weights=self.agent.network.state_dict(),
            config=config.to_dict(self.policy_config),
            task=self.task,
            metrics={"step": step, **told},
            data_version=f"{self.recipe.env.id}, gymnasium {gym.__version__}",
        )

    def _elapsed_s(self) -> float:
        return self.worked_s + time.monotonic() - self.started_s

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs."""
        return {
            "collector": self.collector.state_dict(),
            "agent": self.agent.state_dict(),
            "best": np.array(self.best.statistics),
            "learned": [dict(row) for row in self.learned],
            "elapsed_s": self._elapsed_s(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what :meth:`state_dict` gave."""
        self.collector.load_state_dict(state["collector"])
        self.agent.load_state_dict(state["agent"])
        self.best.statistics = EpisodeStatistics(*map(float, state["best"]))
        self.learned = list(state["learned"])
        self.worked_s = float(state["elapsed_s"])


def _seeds(seed: int, count: int) -> list[int]:
    return [int(child.generate_state(1)[0]) for child in np.random.SeedSequence(seed).spawn(count)]


def _policy_config(recipe: Recipe, collector: Collector) -> PolicyConfig:
    training = config.to_dict(recipe)
    del training["algorithm"]  # it has a place of its own
    space = collector.space
    num_actions = space.count if isinstance(space, Discrete) else None
    actions = space if isinstance(space, Continuous) else None
    return PolicyConfig(recipe.algorithm, collector.obs_dim, num_actions, actions, training)


def _task(env: VectorEnvironment) -> dict[str, Any]:
    """The task of environments that have one (see ``navigation/task.py``), as plain data."""
    task = getattr(env.unwrapped, "task", None)
    return config.to_dict(task) if dataclasses.is_dataclass(task) else {}
