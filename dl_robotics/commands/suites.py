"""``evaluate POLICY --suite NAME ...``: policies and classical methods on the same scenarios, in one table."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from pathlib import Path

from tqdm import tqdm

from dl_robotics.config import require
from dl_robotics.navigation.baselines import BASELINES
from dl_robotics.navigation.driver import DriverMaker, policy_maker
from dl_robotics.navigation.film import film_drive
from dl_robotics.navigation.fleet import run_suite
from dl_robotics.navigation.scoreboard import Scoreboard
from dl_robotics.navigation.stage import PolicyStage
from dl_robotics.navigation.suite import Suite, load_suite, shipped_suites
from dl_robotics.training.threads import compute_threads

WORST = 4  # episodes drawn of each driver in each suite
EVERY_SUITE = "all"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options that judge policies in scenarios."""
    group = parser.add_argument_group(
        "scenario suites", "the checkpoint is a policy, or one of " + ", ".join(BASELINES)
    )
    names = f"{', '.join(shipped_suites())}, {EVERY_SUITE} or files"
    group.add_argument("--suite", nargs="+", default=[], metavar="NAME", help=names)
    group.add_argument(
        "--beside",
        nargs="*",
        default=list(BASELINES),
        metavar="POLICY",
        help=f"compared with the first on the same scenarios: checkpoints or {', '.join(BASELINES)} (both)",
    )
    group.add_argument(
        "--films", type=int, default=0, metavar="N", help="MP4s of the first policy's N worst episodes in each suite"
    )
    group.add_argument("--episodes", type=int, help="of each suite, instead of its own number")


def run(args: argparse.Namespace) -> int:
    """Drive, print the table, write report, episodes and pictures."""
    require(not args.data, "DATA", "none: with --suite a policy is judged in scenarios", args.data)
    require(args.films == 0 or args.output is not None, "--films", "an --output folder to write to", args.films)
    require(args.films >= 0, "--films", ">= 0", args.films)
    require(args.episodes is None or args.episodes >= 1, "--episodes", ">= 1", args.episodes)
    paths = _named([str(args.checkpoint), *args.beside], "POLICY")
    makers = {name: _maker(path, args.device) for name, path in paths.items()}
    files = _named([found for name in args.suite for found in _suites(name)], "--suite")
    suites = {name: load_suite(path, **dict(args.settings)) for name, path in files.items()}
    board, begun_s = Scoreboard(WORST if args.output else 0), time.monotonic()
    with compute_threads(1):
        for name, suite in suites.items():
            _judge(board, name, suite, makers, args.episodes or suite.episodes)
    print(board.table())
    print(f"\n{time.monotonic() - begun_s:.0f} s")
    if args.output:
        args.output.mkdir(parents=True, exist_ok=True)
        board.write(args.output, {"drivers": paths, "seeds": {name: suite.seed for name, suite in suites.items()}})
        _film(board, suites, makers, args.output / "films", args.films)
        print(f"{args.output}: report.json, episodes.csv, worst/{', films/' if args.films else ''}")
    return 0


def _film(
    board: Scoreboard, suites: Mapping[str, Suite], makers: Mapping[str, DriverMaker], folder: Path, count: int
) -> None:
    """Films of the first driver's worst episodes."""
    driver, make = next(iter(makers.items()))
    for name, suite in suites.items():
        for drive in board.worst(name, driver, count):
            folder.mkdir(exist_ok=True)
            film_drive(suite, drive.number, make, folder / f"{driver}_{name}_{drive.number}_{drive.outcome}.mp4")


def _judge(board: Scoreboard, name: str, suite: Suite, makers: Mapping[str, DriverMaker], episodes: int) -> None:
    with tqdm(total=episodes * len(makers), desc=name, unit="episode", leave=False, disable=None) as bar:
        for driver, room, drives in run_suite(suite, makers, episodes):
            board.add(name, driver, room, drives)
            bar.update(len(drives))


def _suites(asked: str) -> list[str]:
    return list(shipped_suites()) if asked == EVERY_SUITE else [asked]


def _named(asked: list[str], what: str) -> dict[str, str]:
    """Files or names, each once, by what they are called without folder and ending.

    :raises ConfigError: if two would be called the same: nobody could tell them apart in the table.
    """
    paths = list(dict.fromkeys(asked))
    found = {Path(path).stem: path for path in paths}
    require(len(found) == len(paths), what, "files of different names", paths)
    return found


def _maker(path: str, device: str) -> DriverMaker:
    return BASELINES[path] if path in BASELINES else policy_maker(PolicyStage.load(path, device))
