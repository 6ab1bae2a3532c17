"""Train a recipe once for each part of its data, and judge the last weights on that part."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from dl_robotics.commands.settings import add_settings
from dl_robotics.training.cross_validation import cross_validate
from dl_robotics.training.tasks import TASKS, load_recipe


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("recipe", type=Path, metavar="RECIPE.yaml", help=f"with a task: {', '.join(TASKS)}")
    parser.add_argument(
        "--output", type=Path, required=True, metavar="DIR", help="of the runs; those begun are resumed"
    )
    parts = parser.add_mutually_exclusive_group(required=True)
    parts.add_argument("--folds", type=int, metavar="N", help="number of parts")
    parts.add_argument(
        "--leave-one-out", action="store_true", help="each subject on its own, or each block where there are none"
    )
    add_settings(parser, "instead of the recipe's value, as for train")


def run(args: argparse.Namespace) -> int:
    """Train and judge every fold; print a line for each, and the mean, in which every sample counts once."""
    recipe = load_recipe(args.recipe, **dict(args.settings))
    rows: list[tuple[int, Mapping[str, float]]] = []
    for fold in cross_validate(recipe, args.output, None if args.leave_one_out else args.folds):
        figures = {name: value for name, value in fold.figures.items() if "/" not in name and name != "step"}
        if not rows:
            print(" ".join(f"{name:>11}" for name in ("fold", "samples", *figures, "training s")), flush=True)
        rows.append((len(fold.judged), figures))
        cells = [f"{fold.number:11}", f"{len(fold.judged):11}", *(f"{value:11.4f}" for value in figures.values())]
        print(*cells, f"{fold.training_s:11.0f}", flush=True)
    sizes = [size for size, _ in rows]
    means = {
        name: float(np.average([figures.get(name, np.nan) for _, figures in rows], weights=sizes))
        for name in rows[0][1]
    }
    print(*[f"{'mean':>11}", f"{sum(sizes):11}", *(f"{value:11.4f}" for value in means.values())])
    return 0
