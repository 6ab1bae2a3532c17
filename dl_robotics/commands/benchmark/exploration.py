"""Exploration bonuses over several seeds, in a maze that pays nothing before its end; epsilon-greedy beside them.

All learn by the same settings from as many steps. A run counts if the policy at its end walks to the goal greedily, by
its values of rewards alone. When exploration first came there is told to within a line of the training's log.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dl_robotics import config
from dl_robotics.resources import config_file
from dl_robotics.rl.bonus.choose import BonusConfig
from dl_robotics.rl.bonus.prediction import PredictionConfig
from dl_robotics.rl.bonus.visits import VisitsConfig
from dl_robotics.training.curves import read_columns
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.reinforcement import train

CELL = 0.5  # observations are zeros and ones: every place is a cell of its own
CHANCE, DISTILLATION = "epsilon-greedy", "rnd"
RECIPES = {CHANCE: "rooms_dqn.yaml", DISTILLATION: "rooms_rnd.yaml"}
OTHERS: Mapping[str, BonusConfig] = {
    "counts": VisitsConfig(weight=0.1, cell=CELL),
    "ucb": VisitsConfig(kind="ucb", weight=0.02, cell=CELL),
    "observation": PredictionConfig(of="observation"),
    "features": PredictionConfig(),
}


class Result(NamedTuple):
    """One run.

    :param reached: whether the policy at its end reaches the goal.
    :param first_step: steps until exploration reached it; infinite if it never did.
    """

    reached: bool
    first_step: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    names = [*RECIPES, *OTHERS]
    parser.add_argument("--explorers", nargs="+", choices=names, default=list(RECIPES), help="default: %(default)s")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])


def run(args: argparse.Namespace) -> int:
    """Train all; print the table; 0 if distillation reaches the goal with every seed and epsilon-greedy with none."""
    rows = {}
    print(f"{'':16} {'reach it':>9} {'CPU s/run':>10}   steps until exploration did, by seed")
    for name in args.explorers:
        began_s = time.process_time()
        rows[name] = [measure(recipe(name, seed)) for seed in args.seeds]
        cpu_s = (time.process_time() - began_s) / len(args.seeds)
        reached = f"{sum(result.reached for result in rows[name])} of {len(args.seeds)}"
        firsts = " ".join(f"{result.first_step:8.0f}" for result in rows[name])
        print(f"{name:16} {reached:>9} {cpu_s:10.0f}   {firsts}", flush=True)
    fails = any(result.reached for result in rows.get(CHANCE, []))
    return 1 if fails or not all(result.reached for result in rows.get(DISTILLATION, [])) else 0


def recipe(name: str, seed: int) -> Recipe:
    """What is trained: a recipe that ships, or epsilon-greedy's with another bonus."""
    shipped = config_file("training", RECIPES.get(name, RECIPES[CHANCE]))
    found = config.load(Recipe, shipped, seed=seed)
    return replace(found, bonus=OTHERS[name]) if name in OTHERS else found


def measure(settings: Recipe) -> Result:
    """Train in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        train(settings, Path(folder))
        training, evaluation = (read_columns(Path(folder) / f"{name}.csv") for name in ("training", "evaluation"))
    met = np.flatnonzero(np.nan_to_num(training["success_rate"]) > 0.0)
    first_step = float(training["step"][met[0]]) if len(met) else np.inf
    return Result(bool(evaluation["success_rate"][-1] == 1.0), first_step)
