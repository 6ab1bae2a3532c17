"""Learning from recordings alone: update, evaluate, keep the best; resumed exactly, wherever it was killed."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import numpy as np

from dl_robotics import config
from dl_robotics.checkpoint import Checkpoint
from dl_robotics.config import require
from dl_robotics.data.transitions import Transitions
from dl_robotics.rl.algorithms import make_offline_learner
from dl_robotics.rl.policy import GreedyPolicy, PolicyConfig
from dl_robotics.rl.spaces import Continuous, Discrete
from dl_robotics.training.best import BestCheckpoint
from dl_robotics.training.environments import VectorEnvironment, make_environments, spaces
from dl_robotics.training.episodes import EpisodeStatistics
from dl_robotics.training.evaluation import evaluate
from dl_robotics.training.held_out import action_error, split_episodes
from dl_robotics.training.listener import NOBODY, Listener, RunProgress
from dl_robotics.training.logging import ScalarLog
from dl_robotics.training.offline_recipe import OfflineRecipe
from dl_robotics.training.progress import Progress
from dl_robotics.training.reinforcement import BEST, Seeds
from dl_robotics.training.resuming import restore
from dl_robotics.training.run_state import FINISHED, finish, finished_result, load_state, save_state, saved_states
from dl_robotics.training.threads import compute_threads
from dl_robotics.training.transitions import open_transitions


def train(
    recipe: OfflineRecipe, output: Path, resume: bool = False, listener: Listener | None = None
) -> EpisodeStatistics:
    """Learn by a recipe; leaves the files that :func:`.reinforcement.train` leaves.

    :param resume: go on from the folder's newest state; the result is that of an uninterrupted run, bit for bit.
    :param listener: follows the run, and may have it saved and stopped.
    :returns: the evaluation of the policy that was kept; without an environment, ``mean_return`` is minus the mean
        squared difference from the held-out actions, or the share of them that is hit.
    :raises DataError: naming the recording that cannot be used.
    :raises ConfigError: if environment or algorithm do not fit the recordings, or a run is not to be resumed.
    :raises TrainingError: if the run to be resumed is another.
    """
    held = [path.name for path in (output / BEST, output / FINISHED, *saved_states(output)) if path.exists()]
    require(resume or not held, "output", "a folder without a run, or --resume", f"{output} with {', '.join(held)}")
    data = open_transitions(recipe.data)
    run = {**config.to_dict(recipe), "data version": data.version}
    if result := finished_result(output, run):
        return result
    saved = load_state(output, run)
    done = 0 if saved is None else saved.step
    with ExitStack() as stack:
        stack.enter_context(compute_threads(recipe.threads))
        progress = stack.enter_context(Progress(recipe.total_steps, done=done))
        env = make_environments(recipe.env, recipe.eval_envs, learning=False) if recipe.env else None
        if env:
            stack.enter_context(closing(env))
        log = stack.enter_context(ScalarLog(output, done if resume else None))
        trainer = OfflineTrainer(recipe, data, env, BestCheckpoint(output / BEST), log, progress)
        if saved is not None:
            restore(saved, trainer.load_state_dict, progress, log)
        return trainer.run(done, output, run, listener or NOBODY)


class OfflineTrainer:
    """One run of the loop.

    :param env: where policies are judged; None: on held-out episodes.
    :raises ConfigError: if its observations or actions are not those of the recordings.
    """

    def __init__(
        self,
        recipe: OfflineRecipe,
        data: Transitions,
        env: VectorEnvironment | None,
        best: BestCheckpoint,
        log: ScalarLog,
        progress: Progress,
    ) -> None:
        self.recipe, self.env, self.best, self.log, self.progress = recipe, env, best, log, progress
        if env is not None:
            recorded = data.obs_dim, data.space
            require(spaces(env) == recorded, "env", f"observations and actions as recorded, {recorded}", spaces(env))
        self.seeds, self.space, self.task = Seeds.of(recipe.seed), data.space, data.task
        self.data, self.held_out = split_episodes(data, recipe.held_out, self.seeds.environments)
        self.learner = make_offline_learner(recipe.algorithm, data.obs_dim, data.space, self.seeds.weights)
        self.learner.observe(self.data.batch.obs)
        self.rng = np.random.default_rng(self.seeds.replay)
        self.learned: list[dict[str, float]] = []  # figures of the updates since the last report
        self.started_s, self.worked_s = time.monotonic(), 0.0

    def run(self, done: int, output: Path, run: Mapping[str, Any], listener: Listener) -> EpisodeStatistics:
        """Learn to the end, or until the listener wants to stop; return the best evaluation.

        :param done: steps that were done before the state that was loaded.
        :param run: what the run is, as plain data.
        """
        recipe, saved_s, first = self.recipe, time.monotonic(), done + 1
        for step in range(first, recipe.total_steps + 1):
            at_end = step == recipe.total_steps
            self.learned.append(self.learner.update(self._batch()))
            if at_end or step % recipe.log_every == 0:
                self._report(step)
            if at_end or step % recipe.eval_every == 0:
                self._evaluate(step, listener)
            listener.stepped(self._how_far(step, step - done))
            stopping = not at_end and listener.stopping()
            due = stopping or time.monotonic() - saved_s >= recipe.save_every_s
            if recipe.keep_finished if at_end else due:
                save_state(output, step, self.state_dict(), run, recipe.keep_states)
                saved_s = time.monotonic()
            if stopping:
                return self.best.statistics
        finish(output, self.best.statistics, run, recipe.keep_finished)
        return self.best.statistics

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs."""
        return {
            "learner": self.learner.state_dict(),
            "rng": self.rng.bit_generator.state,
            "best": np.array(self.best.statistics),
            "learned": [dict(row) for row in self.learned],
            "elapsed_s": self._elapsed_s(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what :meth:`state_dict` gave."""
        self.learner.load_state_dict(state["learner"])
        self.rng.bit_generator.state = state["rng"]
        self.best.statistics = EpisodeStatistics(*map(float, state["best"]))
        self.learned, self.worked_s = list(state["learned"]), float(state["elapsed_s"])

    def _batch(self) -> Any:
        return self.data.rows(self.rng.integers(len(self.data), size=self.recipe.batch_size))

    def _report(self, step: int) -> None:
        names = {name: None for row in self.learned for name in row}
        means = {name: float(np.mean([row[name] for row in self.learned if name in row])) for name in names}
        self.log.write("learning", step, {**means, "elapsed_s": self._elapsed_s()})
        self.learned.clear()
        self.progress.update(step, means)

    def _evaluate(self, step: int, listener: Listener) -> None:
        policy = GreedyPolicy(self.learner.policy(), self.data.obs_dim, self.space)
        error = action_error(self.learner, self.held_out) if self.held_out else math.nan
        statistics = EpisodeStatistics(-error, math.nan, math.nan, math.nan)
        if self.env is not None:
            statistics = evaluate(policy, self.env, self.recipe.eval_episodes, self.seeds.evaluation)
        figures = {**statistics._asdict(), "action_error": error}
        self.log.write("evaluation", step, figures)
        kept = self.best.offer(statistics, lambda: self._checkpoint(step, figures))
        told = f"{statistics}, action error {error:.4f}" if self.env else f"action error {error:.4f}"
        self.progress.note(f"evaluation after {step} steps: {told}{' (kept)' if kept else ''}")
        listener.evaluated(step, figures, self.best.path if kept else None)

    def _checkpoint(self, step: int, figures: Mapping[str, float]) -> Checkpoint:
        training, space = config.to_dict(self.recipe), self.space
        del training["algorithm"]  # it has a place of its own
        policy = PolicyConfig(
            self.recipe.algorithm,
            self.data.obs_dim,
            space.count if isinstance(space, Discrete) else None,
            space if isinstance(space, Continuous) else None,
            training,
        )
        return Checkpoint(
            kind=self.recipe.algorithm.kind,
            weights=self.learner.policy().state_dict(),
            config=config.to_dict(policy),
            task=dict(self.task),
            metrics={"step": step, **{name: value for name, value in figures.items() if not math.isnan(value)}},
            data_version=self.data.version,
        )

    def _how_far(self, step: int, done_now: int) -> RunProgress:
        best, total = self.best.statistics, self.recipe.total_steps
        remaining_s = (time.monotonic() - self.started_s) / done_now * (total - step)
        loss = self.learned[-1]["loss"] if self.learned else math.nan
        return RunProgress(step, total, loss, best.told_score, remaining_s)

    def _elapsed_s(self) -> float:
        return self.worked_s + time.monotonic() - self.started_s
