"""The reinforcement loop: collect, learn, evaluate, keep the best; resumed exactly, wherever it was killed."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np

from dl_robotics import config
from dl_robotics.checkpoint import Checkpoint
from dl_robotics.config import require
from dl_robotics.rl.mirror import Mirror
from dl_robotics.rl.policy import GreedyPolicy, PolicyConfig, judged_network
from dl_robotics.rl.spaces import Continuous, Discrete
from dl_robotics.training.agents import advance, make_agent
from dl_robotics.training.best import BestCheckpoint
from dl_robotics.training.collection import Source
from dl_robotics.training.environments import VectorEnvironment, make_environments
from dl_robotics.training.episodes import EpisodeStatistics
from dl_robotics.training.evaluation import evaluate
from dl_robotics.training.listener import NOBODY, Listener, RunProgress
from dl_robotics.training.logging import ScalarLog
from dl_robotics.training.prefill import prefill
from dl_robotics.training.progress import Progress
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.resuming import finished_before, restore
from dl_robotics.training.run_state import FINISHED, finish, load_state, save_state, saved_states
from dl_robotics.training.sources import local_source
from dl_robotics.training.threads import compute_threads
from dl_robotics.training.workers.pool import WorkerPool

BEST = "best.safetensors"


def train(recipe: Recipe, output: Path, resume: bool = False, listener: Listener | None = None) -> EpisodeStatistics:
    """Train by a recipe; leave ``best.safetensors``, the last training states, CSV files and TensorBoard events.

    :param output: an existing folder.
    :param resume: go on from the folder's newest state that is not damaged; begin at the beginning if there is none.
        The result is that of an uninterrupted run, bit for bit. A finished run is left as it is.
    :param listener: follows the run, and may have it saved and stopped.
    :returns: the evaluation of the policy that was kept.
    :raises ConfigError: if the environments cannot be made or do not fit the algorithm, or the folder holds a run that
        is not to be resumed.
    :raises TrainingError: if the run to be resumed is another, or no state of it can be used.
    :raises CheckpointError: if a finished run's files are damaged.
    """
    held = [path.name for path in (output / BEST, output / FINISHED, *saved_states(output)) if path.exists()]
    require(resume or not held, "output", "a folder without a run, or --resume", f"{output} with {', '.join(held)}")
    if result := finished_before(recipe, output / BEST):
        return result
    saved = load_state(output, config.to_dict(recipe))
    done = 0 if saved is None else saved.step
    with ExitStack() as stack:
        stack.enter_context(compute_threads(recipe.threads))
        progress = stack.enter_context(Progress(recipe.total_steps, done=done))
        source = stack.enter_context(closing(make_source(recipe, progress.note)))
        judging = (recipe.eval_env or recipe.env).for_judging()
        eval_env = stack.enter_context(closing(make_environments(judging, recipe.eval_envs, learning=False)))
        log = stack.enter_context(ScalarLog(output, done if resume else None))
        trainer = Trainer(recipe, source, eval_env, best=BestCheckpoint(output / BEST), log=log, progress=progress)
        if saved is not None:
            restore(saved, trainer.load_state_dict, progress, log)
        elif recipe.prefill is not None:
            progress.note(prefill(trainer.agent, recipe.prefill, trainer.task, trainer.policy_config))
        return trainer.run(done, output, listener or NOBODY)


class Seeds(NamedTuple):
    """Of everything in a run: descendants of the recipe's."""

    environments: int
    evaluation: int
    weights: int
    exploration: int
    replay: int

    @classmethod
    def of(cls, seed: int) -> Seeds:
        """A recipe's."""
        return cls(*(int(child.generate_state(1)[0]) for child in np.random.SeedSequence(seed).spawn(5)))


def make_source(recipe: Recipe, say: Callable[[str], None] = print) -> Source:
    """Where the recipe's transitions come from.

    :param say: is told of lost workers.
    :raises ConfigError: if the environments cannot be made or do not fit.
    """
    return WorkerPool(recipe, say) if recipe.workers else local_source(recipe, Seeds.of(recipe.seed).environments)


class Trainer:
    """One run of the loop.

    Every generator descends from the recipe's seed, so equal recipes give equal weights on the CPU.
    """

    def __init__(
        self,
        recipe: Recipe,
        source: Source,
        eval_env: VectorEnvironment,
        *,
        best: BestCheckpoint,
        log: ScalarLog,
        progress: Progress,
    ) -> None:
        self.recipe, self.eval_env, self.best, self.log, self.progress = recipe, eval_env, best, log, progress
        self.source, self.seeds = source, Seeds.of(recipe.seed)
        self.mirror, self.task = _mirror(recipe, eval_env), _task(eval_env)
        self.policy_config = _policy_config(recipe, source, self.mirror)
        self.agent = make_agent(recipe, source.obs_dim, source.space, self.seeds[2:], self.mirror)
        self.learned: list[dict[str, float]] = []  # figures of the updates since the last report
        self.worked_s = 0.0  # before an interruption
        self.started_s = time.monotonic()

    def run(self, done: int = 0, output: Path | None = None, listener: Listener = NOBODY) -> EpisodeStatistics:
        """Train to the end, or until the listener wants to stop; return the best evaluation.

        :param done: steps that were done before the state that was loaded.
        :param output: folder for the training states; none are saved unless given.
        """
        recipe, stride, saved_s = self.recipe, self.recipe.num_envs, time.monotonic()
        described = config.to_dict(recipe)
        for step in range(done + stride, recipe.total_steps + 1, stride):
            at_end = step + stride > recipe.total_steps
            updates = advance(recipe, self.source, self.agent, step)
            self.learned += updates
            if at_end or step % recipe.log_every < stride:
                self._report(step)
            if at_end or step % recipe.eval_every < stride:
                self._evaluate(step, listener)
            listener.stepped(self._how_far(step - done, step, updates))
            stopping = not at_end and listener.stopping()
            due = stopping or time.monotonic() - saved_s >= recipe.save_every_s
            wanted = recipe.keep_finished if at_end else due
            if output and wanted:
                save_state(output, step, self.state_dict(), described, recipe.keep_states)
                saved_s = time.monotonic()
            if stopping:
                return self.best.statistics
        if output:
            finish(output, self.best.statistics, described, recipe.keep_finished)
        return self.best.statistics

    def _report(self, step: int) -> None:
        recent = self.source.statistics()
        collected = {**recent._asdict(), **self.agent.figures(step), "elapsed_s": self._elapsed_s()}
        self.log.write("training", step, collected)
        if self.learned:
            names = {name: None for row in self.learned for name in row}
            means = {name: float(np.mean([row[name] for row in self.learned if name in row])) for name in names}
            self.log.write("learning", step, means)
            self.learned.clear()
        self.progress.update(step, {"return": recent.mean_return, "success": recent.success_rate})

    def _evaluate(self, step: int, listener: Listener) -> None:
        network = judged_network(self.agent.network, self.mirror)
        policy = GreedyPolicy(network, self.source.obs_dim, self.source.space)
        statistics = evaluate(policy, self.eval_env, self.recipe.eval_episodes, self.seeds.evaluation)
        self.log.write("evaluation", step, statistics._asdict())
        kept = self.best.offer(statistics, lambda: self._checkpoint(step, statistics))
        self.progress.note(f"evaluation after {step} steps: {statistics}{' (kept)' if kept else ''}")
        listener.evaluated(step, statistics._asdict(), self.best.path if kept else None)

    def _how_far(self, done: int, step: int, updates: Sequence[Mapping[str, float]]) -> RunProgress:
        total = self.recipe.total_steps
        remaining_s = (time.monotonic() - self.started_s) / done * (total - step)
        loss = updates[-1].get("loss", math.nan) if updates else math.nan
        return RunProgress(step, total, loss, self.best.statistics.told_score, remaining_s)

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
            "source": self.source.state_dict(),
            "agent": self.agent.state_dict(),
            "best": np.array(self.best.statistics),
            "learned": [dict(row) for row in self.learned],
            "elapsed_s": self._elapsed_s(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what :meth:`state_dict` gave."""
        self.source.load_state_dict(state["source"])
        self.agent.load_state_dict(state["agent"])
        self.best.statistics = EpisodeStatistics(*map(float, state["best"]))
        self.learned = list(state["learned"])
        self.worked_s = float(state["elapsed_s"])


def _policy_config(recipe: Recipe, source: Source, mirror: Mirror | None) -> PolicyConfig:
    training = config.to_dict(recipe)
    del training["algorithm"]  # it has a place of its own
    space = source.space
    num_actions = space.count if isinstance(space, Discrete) else None
    actions = space if isinstance(space, Continuous) else None
    return PolicyConfig(recipe.algorithm, source.obs_dim, num_actions, actions, training, mirror)


def _mirror(recipe: Recipe, env: VectorEnvironment) -> Mirror | None:
    """The environments' mirror, where the recipe wants it."""
    if not recipe.mirrored:
        return None
    mirror = getattr(env.unwrapped, "mirror", None)
    if not isinstance(mirror, Mirror):
        raise config.ConfigError(
            f"mirrored: expected an environment that has a mirror, got {type(env.unwrapped).__name__}"
        )
    return mirror


def _task(env: VectorEnvironment) -> dict[str, Any]:
    """The task of environments that have one (see ``navigation/task.py``), as plain data."""
    task = getattr(env.unwrapped, "task", None)
    return config.to_dict(task) if dataclasses.is_dataclass(task) else {}
