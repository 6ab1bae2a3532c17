"""The result of suites: a table, a JSON and a CSV file, and pictures of the worst episodes."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from dl_robotics.data.report import REPORT, WorstImages, write_json
from dl_robotics.navigation.drives import Drive
from dl_robotics.navigation.losses import losses
from dl_robotics.navigation.room import Room
from dl_robotics.navigation.seed_spread import SeedSpread
from dl_robotics.navigation.suite_figures import Comparison, SuiteFigures
from dl_robotics.navigation.view import Image
from dl_robotics.ops.draw_text import ROW, WHITE, draw_text

TOGETHER = "together"
EPISODES = "episodes.csv"
HEADER = (
    f"{'suite':<20}{'driver':<18}{'episodes':>9}  {'success [95 %]':<22}{'collision':>10}{'by mover':>10}"
    f"{'time-out':>10}{'SPL':>7}{'time/shortest':>15}{'rad/s2':>8}{'backwards':>11}{'clearance m':>13}{'stalled':>9}"
    f"{'circled':>9}"
)
COLUMNS = (
    "number",
    "outcome",
    "hit",
    "time_s",
    "length_m",
    "shortest_m",
    "spl",
    "time_ratio",
    "yaw_acceleration",
    "backwards",
    "clearance_m",
    "remaining_m",
    "stalled",
    "circled",
)


class Scoreboard:
    """Gathers the drives of several drivers in several suites.

    :param worst: so many pictures are kept of each driver in each suite.
    """

    def __init__(self, worst: int) -> None:
        self._worst = worst
        self._drives: dict[str, dict[str, list[Drive]]] = {}  # by suite, then driver
        self._pictures: dict[tuple[str, str], WorstImages] = {}

    def add(self, suite: str, driver: str, room: Room, drives: Sequence[Drive]) -> None:
        """Add drives of a suite; those of every driver come in the same order of scenarios."""
        self._drives.setdefault(suite, {}).setdefault(driver, []).extend(drives)
        pictures = self._pictures.setdefault((suite, driver), WorstImages(self._worst))
        for drive in drives:
            pictures.offer(drive.badness, partial(picture, room, drive))

    def worst(self, suite: str, driver: str, count: int) -> list[Drive]:
        """The worst drives, the worst first."""
        return sorted(self._drives[suite][driver], key=lambda drive: -drive.badness)[:count]

    def figures(self) -> dict[str, dict[str, SuiteFigures]]:
        """By suite, and all suites :data:`TOGETHER` where there are several; then by driver."""
        return {
            suite: {driver: SuiteFigures.of(drives) for driver, drives in of.items()}
            for suite, of in self._with_all().items()
        }

    def comparisons(self) -> dict[str, list[Comparison]]:
        """By suite: the first driver against each of the others."""
        found: dict[str, list[Comparison]] = {}
        for suite, of in self._with_all().items():
            first, *others = of
            found[suite] = [Comparison.of((first, other), of[first], of[other]) for other in others]
        return found

    def spread(self, policies: Sequence[str]) -> dict[str, SeedSpread]:
        """By suite: how policies of one recipe and several training seeds did."""
        return {suite: SeedSpread.of({name: of[name] for name in policies}) for suite, of in self._with_all().items()}

    def losses(self, driver: str) -> dict[str, str]:
        """By suite, what a driver lost and how, in words."""
        return {suite: losses(driver, of[driver]) for suite, of in self._drives.items()}

    def table(self) -> str:
        """For the terminal."""
        rows = [_row(suite, name, row) for suite, of in self.figures().items() for name, row in of.items()]
        against = [f"{suite}: {pair}" for suite, pairs in self.comparisons().items() for pair in pairs]
        return "\n".join([HEADER, *rows, "", *against]).rstrip()

    def write(self, folder: Path, about: Mapping[str, Any]) -> None:
        """Write ``report.json``, ``episodes.csv`` and ``worst/DRIVER/SUITE/worst_1.png`` and so on.

        :param about: what else belongs into the JSON.
        """
        suites = {
            suite: {driver: figures.plain() for driver, figures in of.items()} for suite, of in self.figures().items()
        }
        compared = {suite: [asdict(pair) for pair in pairs] for suite, pairs in self.comparisons().items()}
        write_json(folder / REPORT, {**about, "suites": suites, "comparisons": compared})
        self._write_episodes(folder / EPISODES)
        for (suite, driver), pictures in self._pictures.items():
            place = folder / "worst" / driver / suite
            place.mkdir(parents=True, exist_ok=True)
            pictures.write(place)

    def _write_episodes(self, path: Path) -> None:
        """A line for each episode."""
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(("suite", "driver", *COLUMNS))
            for suite, of in self._drives.items():
                for driver, drives in of.items():
                    writer.writerows((suite, driver, *(getattr(drive, c) for c in COLUMNS)) for drive in drives)

    def _with_all(self) -> dict[str, dict[str, list[Drive]]]:
        if len(self._drives) < 2:
            return self._drives
        together: dict[str, list[Drive]] = {}
        for of in self._drives.values():
            for driver, drives in of.items():
                together.setdefault(driver, []).extend(drives)
        return {**self._drives, TOGETHER: together}


def picture(room: Room, drive: Drive) -> Image:
    """An episode's way and its end from above, with a line that says what happened."""
    end = np.array([*drive.path[-1], drive.yaw[-1]])
    image = room.view().draw(end, drive.goal, drive.movers, path=drive.path)
    text = f"{drive.number}: {drive.outcome} after {drive.time_s:.1f} s, {drive.length_m:.1f} m"
    draw_text(image, (0, ROW), text, WHITE)
    return image


def _row(suite: str, driver: str, f: SuiteFigures) -> str:
    success = f"{f.success.value:6.1%} [{f.success.low:.1%}, {f.success.high:.1%}]"
    return (
        f"{suite:<20}{driver:<18}{f.episodes:>9}  {success:<22}{f.collision.value:>10.1%}{f.mover.value:>10.1%}"
        f"{f.time_out.value:>10.1%}{f.spl.value:>7.3f}{f.time_ratio.value:>15.2f}{f.yaw_acceleration.value:>8.2f}"
        f"{f.backwards.value:>11.1%}{f.clearance_m.value:>13.3f}{f.stalled.value:>9.1%}{f.circled.value:>9.1%}"
    )
