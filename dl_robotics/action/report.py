"""A recogniser's report: table, JSON, diagrams, and how early it knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dl_robotics.action.metrics import ActivityMetrics
from dl_robotics.action.sampling import first_part
from dl_robotics.data.clips.clip import Clip
from dl_robotics.data.report import REPORT, format_table, write_json
from dl_robotics.ops.figures import bar_chart, line_chart, matrix_chart, save_png

EARLY = (0.25, 0.5, 0.75)  # shares of a clip after which it is named, too
Probabilities = npt.NDArray[np.float32]


class ActivityReport:
    """Gathers clips, then tells.

    :param classes: names by class id.
    :param recognise: names the beginning of a clip, as it named the whole.
    """

    def __init__(self, classes: Sequence[str], recognise: Callable[[Clip], Probabilities]) -> None:
        self._classes, self._recognise = tuple(classes), recognise
        self._whole = ActivityMetrics(len(classes))
        self._early = {share: ActivityMetrics(len(classes)) for share in EARLY}

    def add(self, truth: Clip, found: Probabilities) -> None:
        """Add a clip."""
        self._whole.add(truth.label, found)
        for share, metrics in self._early.items():
            metrics.add(truth.label, self._recognise(first_part(truth, share)))

    def figures(self) -> dict[str, float]:
        """Top-1, top-5, mean recall; top-1 after parts of the clips."""
        early = {f"top1 after {share:.0%}": metrics.top(1) for share, metrics in self._early.items()}
        return {**self._whole.figures(), **early}

    def classes(self) -> dict[str, dict[str, float]]:
        """Figures of each class: recall, precision, number of clips."""
        recall, precision, clips = self._whole.recall(), self._whole.precision(), self._whole.matrix.sum(1)
        return {
            name: {"recall": float(recall[n]), "precision": float(precision[n]), "clips": int(clips[n])}
            for n, name in enumerate(self._classes)
        }

    def table(self) -> str:
        """For the terminal."""
        return format_table(self.figures(), self.classes())

    def write(self, folder: Path, about: Mapping[str, Any]) -> None:
        """Write ``report.json`` and PNG files.

        :param about: what else belongs into the JSON.
        """
        classes, shares = self.classes(), [*EARLY, 1.0]
        curve = [metrics.top(1) for metrics in (*self._early.values(), self._whole)]
        matrix = {"names": list(self._classes), "counts": self._whole.matrix.tolist()}
        early = {"shares": shares, "top1": curve}
        described = {"figures": self.figures(), "classes": classes, "confusion": matrix, "early": early}
        write_json(folder / REPORT, {**about, **described})
        save_png(matrix_chart(self._whole.matrix, self._classes), folder / "confusion.png")
        save_png(bar_chart({name: row["recall"] for name, row in classes.items()}, "recall"), folder / "classes.png")
        labels = ("share of the clip that was seen", "top-1 accuracy")
        save_png(line_chart(np.array(shares), {"top-1": np.array(curve)}, labels), folder / "early.png")
