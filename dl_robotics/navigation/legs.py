"""Drives from goal to goal, measured: a table and a picture of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from matplotlib.figure import Figure

from dl_robotics.navigation.view import TopView
from dl_robotics.sim.engine import Array

Outcome: TypeAlias = Literal["reached", "collision", "tumbled", "time-out", "missed"]
COLOURS = {
    "reached": "tab:green",
    "collision": "tab:red",
    "tumbled": "tab:pink",
    "time-out": "tab:orange",
    "missed": "tab:purple",
}


@dataclass(frozen=True, eq=False)
class Leg:
    """One drive.

    :param goal: (2,) m in the world.
    :param path: (n, 2) where the robot was, m.
    :param time_s: simulated time it took.
    :param shortest_m: length of the shortest path past the static obstacles to where the goal counts as reached.
    """

    goal: Array
    path: Array
    time_s: float
    shortest_m: float
    outcome: Outcome

    @property
    def length_m(self) -> float:
        """Length of the path driven."""
        return float(np.linalg.norm(np.diff(self.path, axis=0), axis=1).sum())


def table(legs: Sequence[Leg]) -> str:
    """A line a leg, and how many were reached."""
    lines = ["goal        x m     y m   time s   path m   path / shortest   outcome"]
    for number, leg in enumerate(legs, 1):
        x, y = leg.goal
        ratio = leg.length_m / leg.shortest_m
        lines.append(f"{number:4d}   {x:8.2f}{y:8.2f}{leg.time_s:9.1f}{leg.length_m:9.2f}{ratio:18.2f}   {leg.outcome}")
    reached = sum(leg.outcome == "reached" for leg in legs)
    return "\n".join([*lines, f"reached {reached} of {len(legs)} goals"])


def draw(view: TopView, legs: Sequence[Leg], title: str, file: Path) -> None:
    """A PNG of the paths over the world, goals numbered, failures red."""
    height, width = view.background.shape[:2]
    figure = Figure(figsize=(width / height * 7.0, 7.5), layout="constrained")
    axes = figure.add_subplot(xlabel="x (m)", ylabel="y (m)", title=title, aspect="equal")
    axes.imshow(view.background, extent=(view.low[0], view.high[0], view.low[1], view.high[1]))
    for number, leg in enumerate(legs, 1):
        colour = COLOURS[leg.outcome]
        axes.plot(*leg.path.T, color=colour, linewidth=1.5, alpha=0.8)
        axes.plot(*leg.path[0], "o", color="black", markersize=3)
        axes.plot(*leg.goal, "*", color=colour, markersize=12, markeredgecolor="black", markeredgewidth=0.5)
        axes.annotate(str(number), (leg.goal[0], leg.goal[1]), xytext=(5, 5), textcoords="offset points", fontsize=10)
    figure.savefig(file, dpi=120)
