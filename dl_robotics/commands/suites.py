"""``evaluate POLICY --suite NAME ...``: policies and classical methods on the same scenarios, in one table."""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from dl_robotics.commands import over_topics
from dl_robotics.config import require
from dl_robotics.navigation.baselines import BASELINES, CEILINGS
from dl_robotics.navigation.driver import DriverMaker, policy_maker
from dl_robotics.navigation.film import film_drive
from dl_robotics.navigation.fleet import run_suite
from dl_robotics.navigation.led_driver import led_maker
from dl_robotics.navigation.scoreboard import Scoreboard
from dl_robotics.navigation.seed_spread import SeedSpread
from dl_robotics.navigation.stage import PolicyStage
from dl_robotics.navigation.suite import Suite, load_suite, shipped_suites
from dl_robotics.training.threads import compute_threads

WORST = 4  # episodes drawn of each driver in each suite
EVERY_SUITE = "all"
UNLEARNED = {**BASELINES, **CEILINGS}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options that judge policies in scenarios."""
    unlearned = ", ".join(UNLEARNED)
    group = parser.add_argument_group("scenario suites", f"the checkpoint is a policy, or one of {unlearned}")
    names = f"{', '.join(shipped_suites())}, {EVERY_SUITE} or files"
    group.add_argument("--suite", nargs="+", default=[], metavar="NAME", help=names)
    group.add_argument(
        "--beside",
        nargs="*",
        default=list(UNLEARNED),
        metavar="POLICY",
        help=f"compared with the first on the same scenarios: checkpoints or {unlearned} (all)",
    )
    group.add_argument(
        "--other-seeds",
        nargs="+",
        default=[],
        metavar="POLICY",
        help="of the first policy's recipe, trained with other seeds: their mean and spread are told",
    )
    group.add_argument(
        "--films", type=int, default=0, metavar="N", help="films of the first policy's N worst episodes in each suite"
    )
    group.add_argument("--film-format", choices=("mp4", "gif"), default="mp4", help="of the films (%(default)s)")
    group.add_argument("--map", action="store_true", help="each once more, led by a map of the world")
    group.add_argument("--episodes", type=int, help="of each suite, instead of its own number")
    over_topics.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Drive, print the table, write report, episodes and pictures."""
    _check(args)
    trained = _named([str(args.checkpoint), *args.other_seeds], "POLICY")
    paths = _named([*trained.values(), *([] if args.over_topics else args.beside)], "POLICY")
    makers = {name: _maker(path, args.device) for name, path in paths.items()}
    if args.map:
        makers |= {f"{name}+map": led_maker(makers[name]) for name, path in paths.items() if path not in CEILINGS}
    files = _named([found for name in args.suite for found in _suites(name)], "--suite")
    suites = {name: load_suite(path, **dict(args.settings)) for name, path in files.items()}
    board, begun_s = Scoreboard(WORST if args.output else 0), time.monotonic()
    with compute_threads(1):
        for name, suite in suites.items():
            if args.over_topics:
                over_topics.judge(board, name, suite, args)
            else:
                _judge(board, name, suite, makers, args.episodes or suite.episodes)
    print(board.table())
    names = [name for name, path in paths.items() if path in trained.values()]
    spread = {} if args.over_topics or len(names) == 1 else board.spread(names)
    print("\n".join(_remarks(board, spread, paths)))
    print(f"\n{time.monotonic() - begun_s:.0f} s")
    if args.output:
        args.output.mkdir(parents=True, exist_ok=True)
        seeds = {name: suite.seed for name, suite in suites.items()}
        about = {"drivers": paths, "seeds": seeds, "spread": {name: asdict(each) for name, each in spread.items()}}
        board.write(args.output, about)
        if args.films:
            _film(board, suites, makers, args)
        print(f"{args.output}: report.json, episodes.csv, worst/{', films/' if args.films else ''}")
    return 0


def _check(args: argparse.Namespace) -> None:
    """Refuse options that do not go together.

    :raises ConfigError: naming the option.
    """
    require(not args.data, "DATA", "none: with --suite a policy is judged in scenarios", args.data)
    require(args.films == 0 or args.output is not None, "--films", "an --output folder to write to", args.films)
    require(args.films >= 0, "--films", ">= 0", args.films)
    require(args.episodes is None or args.episodes >= 1, "--episodes", ">= 1", args.episodes)
    require(args.films == 0 or not args.over_topics, "--films", "none with --over-topics", args.films)
    require(not (args.over_topics and args.map), "--map", "none with --over-topics", args.map)
    require(not (args.over_topics and args.other_seeds), "--other-seeds", "none with --over-topics", args.other_seeds)


def _remarks(board: Scoreboard, spread: Mapping[str, SeedSpread], drivers: Iterable[str]) -> Iterator[str]:
    """What the table does not say: the spread of training seeds, and what even a ceiling loses."""
    yield from (f"{suite}: {seeds}" for suite, seeds in spread.items())
    for ceiling in (name for name in drivers if name in CEILINGS):
        yield from (f"{suite}: {lost}" for suite, lost in board.losses(ceiling).items())


def _film(
    board: Scoreboard, suites: Mapping[str, Suite], makers: Mapping[str, DriverMaker], args: argparse.Namespace
) -> None:
    """Films of the first driver's worst episodes."""
    folder = args.output / "films"
    driver, make = next(iter(makers.items()))
    for name, suite in suites.items():
        for drive in board.worst(name, driver, args.films):
            folder.mkdir(exist_ok=True)
            title = f"{driver}_{name}_{drive.number}_{drive.outcome}".replace("/", "_")
            film_drive(suite, drive.number, make, folder / f"{title}.{args.film_format}")


def _judge(board: Scoreboard, name: str, suite: Suite, makers: Mapping[str, DriverMaker], episodes: int) -> None:
    with tqdm(total=episodes * len(makers), desc=name, unit="episode", leave=False, disable=None) as bar:
        for driver, room, drives in run_suite(suite, makers, episodes):
            board.add(name, driver, room, drives)
            bar.update(len(drives))


def _suites(asked: str) -> list[str]:
    return list(shipped_suites()) if asked == EVERY_SUITE else [asked]


def _named(asked: list[str], what: str) -> dict[str, str]:
    """Files or names, each once, by what they are called without folder and ending; with the folder if it must be.

    :raises ConfigError: if two would be called the same: nobody could tell them apart in the table.
    """
    paths = list(dict.fromkeys(asked))
    stems = Counter(Path(path).stem for path in paths)
    found = {_name(Path(path), alone=stems[Path(path).stem] == 1): path for path in paths}
    require(len(found) == len(paths), what, "files of different names", paths)
    return found


def _name(path: Path, *, alone: bool) -> str:
    return path.stem if alone else f"{path.parent.name}/{path.stem}"


def _maker(path: str, device: str) -> DriverMaker:
    return UNLEARNED[path] if path in UNLEARNED else policy_maker(PolicyStage.load(path, device))
