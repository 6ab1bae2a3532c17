"""How runs of one recipe with several seeds learned: their mean, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from scipy.stats import t as student

from dl_robotics.ops.figures import new_axes
from dl_robotics.ops.statistics import CONFIDENCE
from dl_robotics.training.curves import read_columns
from dl_robotics.training.errors import TrainingError

Array = npt.NDArray[np.float64]
TABLE = "evaluation.csv"


class SeedCurve(NamedTuple):
    """A score over the steps at which every run was evaluated.

    ``low`` and ``high`` bound the mean by Student's interval of 95 %; they are the mean itself for a single run.
    """

    step: Array
    mean: Array
    low: Array
    high: Array
    runs: int


def seed_curve(folders: Sequence[Path], score: str) -> SeedCurve:
    """The curve of runs.

    :param score: a column of their ``evaluation.csv``.
    :raises TrainingError: if a run has no such table or column, or the runs share no step.
    """
    if not folders:
        raise TrainingError("curves: expected at least one run")
    runs = [_scores(folder, score) for folder in folders]
    steps = sorted(set(runs[0]).intersection(*runs[1:]))
    if not steps:
        raise TrainingError(f"{', '.join(map(str, folders))}: expected evaluations at the same steps, found none")
    values = np.array([[run[step] for step in steps] for run in runs])
    mean, count = values.mean(axis=0), len(runs)
    half = np.zeros_like(mean)
    if count > 1:
        reach = float(student.ppf((1.0 + CONFIDENCE) / 2.0, count - 1))
        half = reach * values.std(axis=0, ddof=1) / np.sqrt(count)
    return SeedCurve(np.array(steps), mean, mean - half, mean + half, count)


def draw_seed_curves(curves: Mapping[str, SeedCurve], score: str) -> Axes:
    """Curves by the name of their recipe, each with its band."""
    axes = new_axes(7.0, 4.5)
    for name, curve in curves.items():
        (line,) = axes.plot(curve.step, curve.mean, label=f"{name}, {curve.runs} seed{'s' * (curve.runs > 1)}")
        axes.fill_between(curve.step, curve.low, curve.high, color=line.get_color(), alpha=0.2, linewidth=0.0)
    axes.set(xlabel="step", ylabel=score)
    axes.grid(alpha=0.3)
    axes.legend()
    return axes


def _scores(folder: Path, score: str) -> dict[float, float]:
    """The score by step."""
    path = folder / TABLE
    if not path.is_file():
        raise TrainingError(f"{path}: not there; expected the folder of a run that has been evaluated")
    columns = read_columns(path)
    if score not in columns:
        raise TrainingError(f"{path}: expected a column {score!r}, got {', '.join(columns)}")
    return dict(zip(columns["step"], columns[score], strict=True))
