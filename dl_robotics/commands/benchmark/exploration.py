"""Every exploration bonus over several seeds, in a maze that pays nothing before its end; epsilon-greedy beside them.

A run counts if its best policy walks to the goal greedily. When the goal was first reached is told to within a line of
the training's log.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dl_robotics import config
from dl_robotics.resources import config_file
from dl_robotics.rl.bonus.choose import BonusConfig
from dl_robotics.rl.bonus.distillation import DistillationConfig
from dl_robotics.rl.bonus.prediction import PredictionConfig
from dl_robotics.rl.bonus.visits import VisitsConfig
from dl_robotics.training.curves import read_columns
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.reinforcement import train

CELL = 0.5  # observations are zeros and ones: every place is a cell of its own
BONUSES: Mapping[str, BonusConfig | None] = {
    "epsilon-greedy alone": None,
    "counts": VisitsConfig(weight=0.1, cell=CELL),
    "UCB": VisitsConfig(kind="ucb", weight=0.02, cell=CELL),
    "prediction of observations": PredictionConfig(of="observation", weight=2.0),
    "prediction of features": PredictionConfig(weight=2.0),
    "random network distillation": DistillationConfig(weight=2.0),
}


class Result(NamedTuple):
    """One run.

    :param reached: whether its best policy reaches the goal.
    :param first_step: steps until exploration reached it; infinite if it never did.
    """

    reached: bool
    first_step: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    recipe = config_file("training", "rooms_dqn.yaml")
    parser.add_argument("--recipe", type=Path, default=recipe, help="default: %(default)s")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])


def run(args: argparse.Namespace) -> int:
    """Train all; print the table; 0 if distillation reaches the goal with every seed and epsilon-greedy with none."""
    rows = {}
    print(f"{'':28} {'reach it':>9}   steps until exploration did, by seed")
    for name, bonus in BONUSES.items():
        recipe = replace(config.load(Recipe, args.recipe), bonus=bonus)
        rows[name] = [measure(replace(recipe, seed=seed)) for seed in args.seeds]
        reached = f"{sum(result.reached for result in rows[name])} of {len(args.seeds)}"
        firsts = " ".join(f"{result.first_step:8.0f}" for result in rows[name])
        print(f"{name:28} {reached:>9}   {firsts}", flush=True)
    chance, distillation = (rows[name] for name in ("epsilon-greedy alone", "random network distillation"))
    return 0 if all(r.reached for r in distillation) and not any(r.reached for r in chance) else 1


def measure(recipe: Recipe) -> Result:
    """Train in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        best = train(recipe, Path(folder))
        log = read_columns(Path(folder) / "training.csv")
    successes = np.flatnonzero(np.nan_to_num(log["success_rate"]) > 0.0)
    return Result(best.success_rate == 1.0, float(log["step"][successes[0]]) if len(successes) else np.inf)
