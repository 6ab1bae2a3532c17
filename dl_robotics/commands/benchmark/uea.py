"""Activities from a wrist's sensors on the UEA archive's official splits; the last weights are judged, once a seed."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import mean, pstdev
from typing import NamedTuple

from dl_robotics import checkpoint
from dl_robotics.commands.benchmark import real_data
from dl_robotics.commands.settings import add_settings
from dl_robotics.resources import config_file
from dl_robotics.training.runs import train
from dl_robotics.training.supervised import LAST
from dl_robotics.training.tasks import load_recipe


class DataSet(NamedTuple):
    """A set of the archive: its recipe, and the share of its test series that is promised to be named right."""

    recipe: str
    promised: float


SETS = {
    "RacketSports": DataSet("uea_racket_sports.yaml", 0.87),
    "Epilepsy": DataSet("uea_epilepsy.yaml", 0.97),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS), help="default: all")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(range(5)), help="default: 0 to 4")
    real_data.add_run_arguments(parser)
    add_settings(parser, "a setting of the recipes, as for train")


def run(args: argparse.Namespace) -> int:
    """Train and judge; print the table; 0 if every mean is as promised, else 1."""
    folder = Path(real_data.data_folder(args, "uea"))
    print(f"{'set':<14} {'seed':>4} {'top-1':>7} {'training s':>11}", flush=True)
    kept = [_run_set(args, name, folder / f"{name}.npz") for name in args.sets]
    return 0 if all(kept) else 1


def _run_set(args: argparse.Namespace, name: str, data: Path) -> bool:
    """Whether the mean over the seeds is as promised."""
    scores, figures = [], dict[str, float]()
    for seed in args.seeds:
        overrides = {"data.paths": [str(data)], "validation.data.paths": [str(data)], "seed": seed}
        recipe = load_recipe(config_file("training", SETS[name].recipe), **{**overrides, **dict(args.settings)})
        started_s, output = time.perf_counter(), args.output / name / f"seed_{seed}"
        train(recipe, output, resume=True)
        figures = dict(checkpoint.load(output / LAST).metrics)
        scores.append(figures["top1"])
        print(f"{name:<14} {seed:4} {scores[-1]:7.3f} {time.perf_counter() - started_s:11.0f}", flush=True)
    print(f"{name}: top-1 {mean(scores):.3f} +- {pstdev(scores):.3f}; {_beside(figures)}promised {SETS[name].promised}")
    return mean(scores) >= SETS[name].promised


def _beside(figures: Mapping[str, float]) -> str:
    """What naming the commonest class alone would reach."""
    return f"the commonest class {figures['top1/commonest']:.3f}; "
