"""DQN on CartPole-v1 over several seeds: does the best policy of each run hold the pole up?

A run's intermediate evaluations choose its best checkpoint. It is judged here on other episodes, greedily.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from dl_robotics import checkpoint, config
from dl_robotics.resources import config_file
from dl_robotics.rl.policy import greedy_policy
from dl_robotics.training.environments import make_environments
from dl_robotics.training.episodes import EpisodeStatistics
from dl_robotics.training.evaluation import evaluate
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.reinforcement import BEST, train
from dl_robotics.training.threads import compute_threads

SOLVED_RETURN = 475.0  # CartPole-v1's own reward_threshold
FRESH_EPISODES = 100
FRESH_SEED = 1_000_000


class Result(NamedTuple):
    """One run."""

    seed: int
    kept_step: int  # training steps behind the policy that was judged
    statistics: EpisodeStatistics
    training_s: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    recipe = config_file("training", "cartpole_dqn.yaml")
    parser.add_argument("--recipe", type=Path, default=recipe, help="default: %(default)s")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])


def run(args: argparse.Namespace) -> int:
    """Train and judge every seed; print the table; 0 if all of them solve the task, else 1."""
    results = [measure(config.load(Recipe, args.recipe, seed=seed)) for seed in args.seeds]
    print(f"{'seed':>6} {'steps':>8} {'mean return':>12} {'std':>6} {'training s':>11}")
    for seed, step, statistics, training_s in results:
        print(f"{seed:6} {step:8} {statistics.mean_return:12.1f} {statistics.std_return:6.1f} {training_s:11.1f}")
    solved = sum(result.statistics.mean_return >= SOLVED_RETURN for result in results)
    print(f"{solved} of {len(results)} seeds reach {SOLVED_RETURN:.0f} over {FRESH_EPISODES} fresh episodes")
    return 0 if solved == len(results) else 1


def measure(recipe: Recipe) -> Result:
    """Train in a temporary folder and judge the policy that was kept."""
    with tempfile.TemporaryDirectory() as folder:
        started_s = time.perf_counter()
        train(recipe, Path(folder))
        training_s = time.perf_counter() - started_s
        saved = checkpoint.load(Path(folder) / BEST)
    with compute_threads(recipe.threads), closing(make_environments(recipe.env, FRESH_EPISODES, learning=False)) as env:
        statistics = evaluate(greedy_policy(saved), env, FRESH_EPISODES, FRESH_SEED)
    return Result(recipe.seed, int(saved.metrics["step"]), statistics, training_s)
