"""Whole trainings beside Stable-Baselines3's: final returns over seeds, and what they took.

Networks, batches, updates and steps are equal (``return_cases.py``). Both sides log to CSV and TensorBoard, are
evaluated ten times, keep the best weights, and are judged greedily on 100 other episodes. Their results stay in a
folder, so that an interrupted benchmark goes on where it was, and several may share the work.
"""

from __future__ import annotations

import argparse
import math
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from dl_robotics.commands.benchmark.return_cases import CASES, Case
from dl_robotics.commands.benchmark.return_runs import SIDES, Outcome, outcome, outcomes


class Row(NamedTuple):
    """One case of the table."""

    case: Case
    ours: Sequence[Outcome]
    theirs: Sequence[Outcome]

    @property
    def ratio(self) -> float:
        """Stable-Baselines3's processor time over ours, medians of the runs; NaN without both."""
        return _median([o.cpu_s for o in self.theirs]) / _median([o.cpu_s for o in self.ours])

    @property
    def fast_enough(self) -> bool:
        """Whether the case's mark is reached."""
        return self.case.least_ratio is None or self.ratio >= self.case.least_ratio

    @property
    def good_enough(self) -> bool:
        """Whether our mean return is theirs or better, by less than two standard errors of the difference."""
        ours, theirs = ([run.kept for run in side] for side in (self.ours, self.theirs))
        error = math.hypot(_spread(ours) / math.sqrt(len(ours)), _spread(theirs) / math.sqrt(len(theirs)))
        return statistics.mean(ours) >= statistics.mean(theirs) - 2.0 * error


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--cases", nargs="+", choices=CASES, default=list(CASES), metavar="CASE", help=", ".join(CASES))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument(
        "--sides", nargs="*", choices=SIDES, default=list(SIDES), help="to train; none prints the table"
    )
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="keeps the results of finished runs")


def run(args: argparse.Namespace) -> int:
    """Train what is missing, print the table; 0 if every row with both sides reaches its marks, else 1."""
    for seed in args.seeds:
        for name in args.cases:
            for side in args.sides:
                print(f"{name}, seed {seed}, {side}: {outcome(name, side, seed, args.output)}", flush=True)
    rows = [Row(CASES[name], *(outcomes(name, side, args.seeds, args.output) for side in SIDES)) for name in args.cases]
    print("returns: mean ± deviation over seeds (runs); processor and wall-clock seconds of a run: medians")
    print(f"{'':42}{'ours':>18}{'SB3':>18}{'rl-zoo, steps':>20}{'ours s':>15}{'SB3 s':>15}{'ratio':>7}{'mark':>6}")
    for row in rows:
        print(line(row))
    complete = [row for row in rows if row.ours and row.theirs]
    return 0 if all(row.fast_enough and row.good_enough for row in complete) else 1


def line(row: Row) -> str:
    """A row for people."""
    case, published = row.case, row.case.published
    sizes = "x".join(map(str, case.hidden))
    name = f"{case.env} {case.algorithm} {sizes}, {case.steps:,} steps"
    zoo = f"{published.mean_return:.1f} ± {published.std_return:.1f}, {published.steps // 1000}k"
    mark = "" if case.least_ratio is None else f"{case.least_ratio:.1f}"
    sides = f"{_returns(row.ours):>18}{_returns(row.theirs):>18}{zoo:>20}{_times(row.ours):>15}{_times(row.theirs):>15}"
    days = sorted(run.measured for run in (*row.ours, *row.theirs))
    told = f"  {days[0]} to {days[-1]}" if days else ""
    if row.ours and row.theirs:
        told += ("" if row.fast_enough else "  SLOW") + ("" if row.good_enough else "  WORSE")
    return f"{name:42}{sides}{row.ratio:7.2f}{mark:>6}{told}"


def _returns(runs: Sequence[Outcome]) -> str:
    kept = [run.kept for run in runs]
    return f"{statistics.mean(kept):.1f} ± {_spread(kept):.1f} ({len(kept)})" if kept else "-"


def _times(runs: Sequence[Outcome]) -> str:
    return f"{_median([run.cpu_s for run in runs]):.0f} ({_median([run.wall_s for run in runs]):.0f})" if runs else "-"


def _median(values: Sequence[float]) -> float:
    return statistics.median(values) if values else math.nan


def _spread(values: Sequence[float]) -> float:
    return statistics.stdev(values) if len(values) > 1 else 0.0
