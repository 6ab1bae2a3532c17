"""Activities from a Kinect's joints, every person left out once: none is judged by weights that saw them."""

from __future__ import annotations

import argparse

import numpy as np

from dl_robotics.action.clip_recogniser import ClipRecogniser
from dl_robotics.action.metrics import ActivityMetrics
from dl_robotics.commands.benchmark import real_data
from dl_robotics.training.cross_validation import Fold, cross_validate
from dl_robotics.training.tasks import load_recipe

PROMISED_TOP1 = 0.93
FILE = "utkinect.npz"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    real_data.add_arguments(parser, "utkinect_action.yaml")
    parser.add_argument(
        "--seeds", type=int, nargs="+", default=[0], help="of several, probabilities are averaged (default: 0)"
    )


def run(args: argparse.Namespace) -> int:
    """Train and judge; print the tables; 0 if the share of clips named right is as promised, else 1."""
    data = f"{real_data.data_folder(args, 'utkinect')}/{FILE}"
    runs = []
    for seed in args.seeds:
        recipe = load_recipe(args.recipe, **{"data.paths": [data], "seed": seed, **dict(args.settings)})
        runs.append(cross_validate(recipe, args.output / f"seed_{seed}"))
    metrics: ActivityMetrics | None = None
    print(f"{'person':>6} {'top-1':>7}" + "".join(f"  seed {seed:<3}" for seed in args.seeds) + "  training s")
    for folds in zip(*runs, strict=True):
        one = _judge(folds)
        metrics = one if metrics is None else metrics + one
        alone = "".join(f"  {fold.figures['top1']:8.3f}" for fold in folds)
        seconds = sum(fold.training_s for fold in folds)
        print(f"{folds[0].judged[0].subject:6} {one.top(1):7.3f}{alone}  {seconds:10.0f}", flush=True)
    assert metrics is not None
    print(f"top-1 {metrics.top(1):.3f}, mean recall {metrics.mean_recall():.3f}; promised {PROMISED_TOP1:.2f}")
    return 0 if metrics.top(1) >= PROMISED_TOP1 else 1


def _judge(folds: tuple[Fold, ...]) -> ActivityMetrics:
    """The clips of a person, by the mean probabilities of networks that have not seen them."""
    recognisers = [ClipRecogniser.load(fold.checkpoint, backend="torch") for fold in folds]
    judged, metrics = folds[0].judged, ActivityMetrics(len(folds[0].judged.classes))
    for number in range(len(judged)):
        clip = judged[number]
        metrics.add(clip.label, np.mean([recogniser(clip) for recogniser in recognisers], axis=0))
    return metrics
