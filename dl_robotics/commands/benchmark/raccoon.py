"""A detector learned from 160 photographs of raccoons, five-fold: each is judged once, and none has chosen weights."""

from __future__ import annotations

import argparse
from statistics import mean, pstdev

from dl_robotics.commands.benchmark import real_data

FOLDS = 5
PROMISED_AP50 = 0.80


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    real_data.add_arguments(parser, "raccoon_detector.yaml")
    parser.add_argument("--folds", type=int, nargs="+", default=list(range(FOLDS)), help="default: all")


def run(args: argparse.Namespace) -> int:
    """Train and judge every fold; print the table; 0 if the mean AP50 is as promised, else 1."""
    data = [real_data.data_folder(args, "raccoon")]
    print(f"{'fold':>4} {'AP50':>7} {'AP':>7} {'training s':>11}", flush=True)
    scores = []
    for fold in args.folds:
        overrides = {"data.paths": data, "validation.folds": FOLDS, "validation.fold": fold}
        figures, training_s = real_data.train_and_judge(args, args.output / f"fold_{fold}", overrides)
        print(f"{fold:4} {figures['AP50']:7.3f} {figures['AP']:7.3f} {training_s:11.0f}", flush=True)
        scores.append(figures["AP50"])
    print(f"AP50 {mean(scores):.3f} +- {pstdev(scores):.3f} over {len(scores)} folds; promised {PROMISED_AP50:.2f}")
    return 0 if mean(scores) >= PROMISED_AP50 else 1
