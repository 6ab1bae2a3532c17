"""What memory is worth where the lidar sees half the circle: recipes over several seeds, judged on the same episodes.

Every run takes as many steps. Its intermediate evaluations choose its best checkpoint, which is judged here greedily on
other episodes; all seeds of a recipe together give its interval.
"""

from __future__ import annotations

import argparse
import tempfile
from contextlib import closing
from pathlib import Path

from dl_robotics import checkpoint, config
from dl_robotics.ops.statistics import wilson
from dl_robotics.resources import config_file
from dl_robotics.rl.policy import greedy_policy
from dl_robotics.training.environments import make_environments
from dl_robotics.training.evaluation import evaluate
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.reinforcement import BEST, train
from dl_robotics.training.threads import compute_threads

RECIPES = ("front_td3", "front_stacked_td3", "front_recurrent_td3")
SIDE_BY_SIDE = 100
FRESH_SEED = 1_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    shipped = [config_file("training", f"{name}.yaml") for name in RECIPES]
    parser.add_argument("--recipes", type=Path, nargs="+", default=shipped, help="default: " + ", ".join(RECIPES))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--episodes", type=int, default=500, help="of each seed (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Train and judge all; print the table; 0 if every other recipe does better than the first, else 1."""
    rates = []
    print(f"{'':24} {'success':>8} {'95 % interval':>16}   by seed", flush=True)
    for path in args.recipes:
        found = [measure(config.load(Recipe, path, seed=seed), args.episodes) for seed in args.seeds]
        rate = wilson(sum(found), args.episodes * len(found))
        rates.append(rate.value)
        each = " ".join(f"{successes / args.episodes:6.1%}" for successes in found)
        print(f"{path.stem:24} {rate.value:8.1%} {rate.low:7.1%} - {rate.high:6.1%}   {each}", flush=True)
    return 0 if all(rate > rates[0] for rate in rates[1:]) else 1


def measure(recipe: Recipe, episodes: int) -> int:
    """Train in a temporary folder; return how many episodes the policy that was kept succeeds in."""
    with tempfile.TemporaryDirectory() as folder:
        train(recipe, Path(folder))
        saved = checkpoint.load(Path(folder) / BEST)
    with compute_threads(recipe.threads), closing(make_environments(recipe.env, SIDE_BY_SIDE, learning=False)) as env:
        return round(evaluate(greedy_policy(saved), env, episodes, FRESH_SEED).success_rate * episodes)
