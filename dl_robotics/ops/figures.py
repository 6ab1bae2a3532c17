"""Diagrams as PNG files, drawn without a display."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

ROW_INCHES = 0.35  # of a class in a diagram
MOST_NUMBERED = 20  # classes up to which a matrix has its numbers written in


def new_axes(width: float, height: float) -> Axes:
    """An empty diagram.

    :param width: inches, of 100 pixels.
    """
    return Figure(figsize=(width, height), layout="constrained").subplots()


def save_png(axes: Axes, path: Path) -> None:
    """Write the figure that a diagram belongs to."""
    axes.get_figure(root=True).savefig(path, format="png", dpi=100)  # type: ignore[union-attr]


def bar_chart(values: Mapping[str, float], label: str) -> Axes:
    """Horizontal bars with their values, in the given order from top to bottom.

    :param values: within [0, 1], by name; nan is drawn as none.
    """
    axes = new_axes(6.0, 1.0 + ROW_INCHES * len(values))
    numbers = list(values.values())
    bars = axes.barh(list(values), np.nan_to_num(numbers))
    axes.bar_label(bars, ["undefined" if np.isnan(value) else f"{value:.3f}" for value in numbers], padding=3)
    axes.invert_yaxis()
    axes.set_xlim(0.0, 1.15)
    axes.set_xlabel(label)
    return axes


def matrix_chart(counts: npt.NDArray[np.int64], names: Sequence[str]) -> Axes:
    """A confusion matrix, coloured by the share of the row.

    :param counts: (n, n), by true class (row) and predicted class (column).
    """
    shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    side = 2.0 + 0.5 * len(names)
    axes = new_axes(side, side)
    axes.imshow(shares, cmap="Blues", vmin=0.0, vmax=1.0)
    axes.set_xticks(range(len(names)), names, rotation=90)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("predicted")
    axes.set_ylabel("true")
    if len(names) <= MOST_NUMBERED:
        for (row, column), share in np.ndenumerate(shares):
            colour = "white" if share > 0.5 else "black"
            axes.text(column, row, f"{share:.2f}", ha="center", va="center", color=colour, fontsize=7)
    return axes


def line_chart(
    x: npt.NDArray[np.float64], lines: Mapping[str, npt.NDArray[np.float64]], labels: tuple[str, str]
) -> Axes:
    """Lines over a common x, all within the unit square.

    :param labels: of the two axes.
    """
    axes = new_axes(6.0, 5.0)
    for name, y in lines.items():
        axes.plot(x, y, label=name)
    axes.set(xlim=(0.0, 1.01), ylim=(0.0, 1.01), xlabel=labels[0], ylabel=labels[1])
    axes.grid(alpha=0.3)
    if len(lines) <= MOST_NUMBERED:
        axes.legend()
    return axes
