"""Train by a recipe: what perceives, or a policy from recordings, where it names a ``task``; else one in its env."""

from __future__ import annotations

import argparse
from pathlib import Path

from dl_robotics.commands.settings import add_settings
from dl_robotics.training import offline, reinforcement, runs
from dl_robotics.training.any_run import load_any_recipe
from dl_robotics.training.distributed import is_first, joined_processes
from dl_robotics.training.exportable import export_checkpoint
from dl_robotics.training.offline_recipe import OfflineRecipe
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.supervised_recipe import SupervisedRecipe


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("recipe", type=Path, metavar="RECIPE.yaml")
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="folder of the run, made if missing")
    parser.add_argument("--resume", action="store_true", help="go on with DIR's run where it was interrupted")
    parser.add_argument("--seed", type=int, help="instead of the recipe's")
    add_settings(parser, "instead of the recipe's value; dots reach inwards, e.g. optimizer.learning_rate=1e-3")


def run(args: argparse.Namespace) -> int:
    """Train; the best is ``DIR/best.safetensors``."""
    overrides = dict(args.settings) | ({} if args.seed is None else {"seed": args.seed})
    recipe = load_any_recipe(args.recipe, **overrides)
    if isinstance(recipe, SupervisedRecipe):
        return _supervised(args, recipe)
    return _policy(args, recipe)


def _supervised(args: argparse.Namespace, recipe: SupervisedRecipe) -> int:
    with joined_processes():
        outcome, first = runs.train(recipe, args.output, resume=args.resume), is_first()
    if first:
        print(f"{outcome.best}: {outcome.score:.4f} after {outcome.step} steps")
    if first and outcome.finished:
        print(export_checkpoint(outcome.best))
    return 0


def _policy(args: argparse.Namespace, recipe: Recipe | OfflineRecipe) -> int:
    output, best = args.output, args.output / reinforcement.BEST
    output.mkdir(parents=True, exist_ok=True)
    if isinstance(recipe, OfflineRecipe):
        statistics = offline.train(recipe, output, args.resume)
    else:
        statistics = reinforcement.train(recipe, output, args.resume)
    print(f"{best}: {statistics}")
    return 0
