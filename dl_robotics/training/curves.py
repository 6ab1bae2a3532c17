"""Curves of a run as a picture, from its CSV files."""

from __future__ import annotations

import csv
import math
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

PICTURE = "curves.png"
NO_LOSS = ("step", "gradient_norm", "learning_rate", "elapsed_s", "waited_s")  # columns of training.csv


def draw_curves(folder: Path, score: str) -> None:
    """Draw loss and score of a run over its steps to ``curves.png`` in its folder.

    :param score: the column of ``evaluation.csv``.
    """
    figure = Figure(figsize=(9.0, 4.0))
    # By hand: matplotlib's own layout takes as long as the drawing.
    left, right = figure.subplots(1, 2, gridspec_kw={"left": 0.08, "right": 0.98, "bottom": 0.13, "top": 0.96})
    losses = read_columns(folder / "training.csv")
    parts = [name for name in losses if name not in NO_LOSS]
    for name in parts:
        left.plot(losses["step"], losses[name], label=name, linewidth=1.0)
    _label(left, "loss", logarithmic=min(losses["loss"]) > 0.0)
    scores = read_columns(folder / "evaluation.csv")
    right.plot(scores["step"], scores[score], marker=".", label=score)
    _label(right, score, logarithmic=False)
    whole = folder / f".{PICTURE}"
    figure.savefig(whole, format="png", dpi=100)
    whole.replace(folder / PICTURE)


def read_columns(path: Path) -> dict[str, list[float]]:
    """A table's columns by name; an empty cell is NaN."""
    with path.open(newline="", encoding="utf-8") as file:
        table = csv.DictReader(file)
        rows = list(table)
        return {name: [float(row[name] or math.nan) for row in rows] for name in table.fieldnames or ()}


def _label(axes: Axes, ordinate: str, logarithmic: bool) -> None:
    axes.set_xlabel("step")
    axes.set_ylabel(ordinate)
    axes.set_yscale("log" if logarithmic else "linear")
    axes.grid(alpha=0.3)
    axes.legend()
