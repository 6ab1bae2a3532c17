"""Draw how runs with different seeds learned: the mean of their evaluations with a band of 95 %."""

from __future__ import annotations

import argparse
from pathlib import Path

from dl_robotics.ops.figures import save_png
from dl_robotics.training.seed_curves import draw_seed_curves, seed_curve


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument(
        "--runs",
        nargs="+",
        action="append",
        required=True,
        metavar=("NAME", "DIR"),
        help="what the runs are called, and a folder for each seed; may be given several times",
    )
    parser.add_argument("--score", default="success_rate", help="a column of evaluation.csv (%(default)s)")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE.png")


def run(args: argparse.Namespace) -> int:
    """Draw, and print the last mean of each."""
    curves = {name: seed_curve([Path(folder) for folder in folders], args.score) for name, *folders in args.runs}
    save_png(draw_seed_curves(curves, args.score), args.output)
    for name, curve in curves.items():
        interval = f"[{curve.low[-1]:.3f}, {curve.high[-1]:.3f}]"
        print(f"{name}: {args.score} {curve.mean[-1]:.3f} {interval} after {curve.step[-1]:.0f} steps")
    print(args.output)
    return 0
