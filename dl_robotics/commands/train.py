"""Train a policy by a recipe."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from dl_robotics import config
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.reinforcement import BEST, train


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("recipe", type=Path, metavar="RECIPE.yaml")
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="folder of the run, made if missing")
    parser.add_argument("--seed", type=int, help="instead of the recipe's")
    parser.add_argument(
        "--set",
        type=setting,
        action="append",
        default=[],
        metavar="KEY=VALUE",
        dest="settings",
        help="instead of the recipe's value; dots reach inwards, e.g. algorithm.learning_rate=1e-3",
    )


def setting(text: str) -> tuple[str, Any]:
    """``KEY=VALUE`` with the value as YAML has it.

    :raises argparse.ArgumentTypeError: if there is no ``=``, or the value is not YAML.
    """
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise argparse.ArgumentTypeError(f"expected KEY=VALUE, got {text!r}")
    try:
        return key, config.parse(value)
    except config.ConfigError as error:
        raise argparse.ArgumentTypeError(f"{key}: {error}") from error


def run(args: argparse.Namespace) -> int:
    """Train; the best policy is ``DIR/best.safetensors``."""
    overrides = dict(args.settings) | ({} if args.seed is None else {"seed": args.seed})
    recipe = config.load(Recipe, args.recipe, **overrides)
    output: Path = args.output
    config.require(not (output / BEST).exists(), "--output", "a folder without a trained policy", str(output))
    output.mkdir(parents=True, exist_ok=True)
    best = train(recipe, output)
    print(f"{output / BEST}: {best}")
    return 0
