"""Train by a recipe: what perceives where it names a ``task``, a policy where it names an environment."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dl_robotics import config
from dl_robotics.commands.settings import add_settings
from dl_robotics.training import reinforcement, runs
from dl_robotics.training.exportable import export_checkpoint
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.tasks import load_recipe


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
    if _is_supervised(args.recipe):
        return _supervised(args, overrides)
    return _reinforcement(args, overrides)


def _is_supervised(recipe: Path) -> bool:
    plain = config.read(recipe)
    return isinstance(plain, Mapping) and "task" in plain


def _supervised(args: argparse.Namespace, overrides: dict[str, Any]) -> int:
    recipe = load_recipe(args.recipe, **overrides)
    outcome = runs.train(recipe, args.output, resume=args.resume)
    print(f"{outcome.best}: {outcome.score:.4f} after {outcome.step} steps")
    if outcome.finished:
        print(export_checkpoint(outcome.best))
    return 0


def _reinforcement(args: argparse.Namespace, overrides: dict[str, Any]) -> int:
    recipe = config.load(Recipe, args.recipe, **overrides)
    output, best = args.output, args.output / reinforcement.BEST
    output.mkdir(parents=True, exist_ok=True)
    statistics = reinforcement.train(recipe, output, args.resume)
    print(f"{best}: {statistics}")
    return 0
