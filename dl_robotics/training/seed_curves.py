"""How runs of one recipe with several seeds learned: their mean, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.ticker import EngFormatter
from scipy.stats import t as student

from dl_robotics.ops.figures import new_axes
from dl_robotics.ops.statistics import CONFIDENCE
from dl_robotics.training.curves import read_columns
from dl_robotics.training.errors import TrainingError

Array = npt.NDArray[np.float64]
TABLE = "evaluation.csv"
SHARES = ("success_rate",)  # of 1


class SeedCurve(NamedTuple):
    """A score over the steps at which every run was evaluated.

    ``low`` and ``high`` bound the mean by Student's interval of 95 %; they are the mean itself for a single run.
    ``each`` has a row a run.
    """

    step: Array
    mean: Array
    low: Array
    high: Array
    each: Array  # (runs, steps)

    @property
    def runs(self) -> int:
        """How many."""
        return len(self.each)


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
    return SeedCurve(np.array(steps), mean, mean - half, mean + half, values)


def draw_seed_curves(curves: Mapping[str, SeedCurve], score: str) -> Axes:
    """Curves by the name of their recipe, each with its band, and thinly every run."""
    axes = new_axes(7.0, 4.5)
    for name, curve in curves.items():
        (line,) = axes.plot(curve.step, curve.mean, label=f"{name}, {curve.runs} seed{'s' * (curve.runs > 1)}")
        axes.fill_between(curve.step, curve.low, curve.high, color=line.get_color(), alpha=0.2, linewidth=0.0)
        axes.plot(curve.step, curve.each.T, color=line.get_color(), linewidth=0.6, alpha=0.6)
    axes.set(xlabel="step", ylabel=score.replace("_", " "))
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))
    axes.set_title("mean over seeds, its 95 % interval, and every seed", fontsize="small")
    if score in SHARES:
        axes.set_ylim(0.0, 1.0)
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
