"""Reports on sequence models: table, JSON, diagrams; forecasts and anomalies beside their baselines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dl_robotics.data.errors import DataError
from dl_robotics.data.report import REPORT, format_table, write_json
from dl_robotics.data.series.series import NO_LABEL, Series
from dl_robotics.ops.figures import bar_chart, matrix_chart, save_png
from dl_robotics.sequences.baselines import baselines
from dl_robotics.sequences.config import SequenceConfig
from dl_robotics.sequences.forecasting import forecast_figures
from dl_robotics.sequences.metrics import ForecastErrors, auroc
from dl_robotics.sequences.results import UNKNOWN, Anomaly, Forecast, Recognition


class RecognitionReport:
    """Gathers named clips; those called unknown are wrong."""

    def __init__(self, config: SequenceConfig) -> None:
        self._classes = config.classes
        self._matrix: npt.NDArray[np.int64] = np.zeros((len(config.classes),) * 2, np.int64)
        self._unknown: npt.NDArray[np.int64] = np.zeros(len(config.classes), np.int64)

    def add(self, truth: Series, found: Recognition) -> None:
        """Add a clip.

        :raises DataError: if it is not labelled.
        """
        if truth.label == NO_LABEL:
            raise DataError(f"{truth.source}: expected a label, got none")
        if found.label == UNKNOWN:
            self._unknown[truth.label] += 1
        else:
            self._matrix[truth.label, found.label] += 1

    def figures(self) -> dict[str, float]:
        """Share that is named right; and of the commonest class, which always naming that one would reach."""
        counts = self._counts()
        total = int(counts.sum())
        return {"top1": float(np.trace(self._matrix)) / total, "top1/commonest": float(counts.max()) / total}

    def classes(self) -> dict[str, dict[str, float]]:
        """Recall, precision and number of each class; nan where there is none."""
        right, counts, said = np.diag(self._matrix), self._counts(), self._matrix.sum(0)
        with np.errstate(invalid="ignore"):  # 0 / 0 is nan: undefined
            columns = {"recall": right / counts, "precision": right / said, "clips": counts}
        return {
            name: {column: float(values[number]) for column, values in columns.items()}
            for number, name in enumerate(self._classes)
        }

    def table(self) -> str:
        """For the terminal."""
        return format_table(self.figures(), self.classes())

    def write(self, folder: Path, about: Mapping[str, Any]) -> None:
        """Write ``report.json`` and PNG files."""
        classes, matrix = self.classes(), {"names": list(self._classes), "counts": self._matrix.tolist()}
        write_json(folder / REPORT, {**about, "figures": self.figures(), "classes": classes, "confusion": matrix})
        save_png(matrix_chart(self._matrix, self._classes), folder / "confusion.png")
        save_png(bar_chart({name: row["recall"] for name, row in classes.items()}, "recall"), folder / "classes.png")

    def _counts(self) -> npt.NDArray[np.int64]:
        return np.asarray(self._matrix.sum(1) + self._unknown, np.int64)


class ForecastReport:
    """Gathers forecasts, and makes those of the baselines; errors are in standard deviations of the training data."""

    def __init__(self, config: SequenceConfig) -> None:
        self._config, self._baselines = config, baselines(config)
        self._std = np.array(config.std)
        self._errors = {name: ForecastErrors() for name in ("", *self._baselines)}

    def add(self, truth: Series, found: Forecast) -> None:
        """Add what was foretold of all but the horizon of a series."""
        past, future = truth.values[: -self._config.horizon], truth.values[-self._config.horizon :]
        told = {"": found.values, **{name: tell(past) for name, tell in self._baselines.items()}}
        for name, values in told.items():
            self._errors[name].add((values - future) / self._std)

    def figures(self) -> dict[str, float]:
        """Mean absolute and root mean squared error, those of the baselines, and the skill."""
        return forecast_figures(self._errors)

    def steps(self) -> dict[str, dict[str, float]]:
        """Mean absolute error of each step ahead: the model's and its baselines'."""
        columns = {name or "model": errors.by_step() for name, errors in self._errors.items()}
        return {
            str(step + 1): {name: float(column[step]) for name, column in columns.items()}
            for step in range(self._config.horizon)
        }

    def table(self) -> str:
        """For the terminal."""
        return format_table(self.figures(), self.steps(), "step")

    def write(self, folder: Path, about: Mapping[str, Any]) -> None:
        """Write ``report.json``."""
        write_json(folder / REPORT, {**about, "figures": self.figures(), "steps": self.steps()})


class AnomalyReport:
    """Gathers anomaly scores of normal and of odd series."""

    def __init__(self, config: SequenceConfig) -> None:
        self._config = config
        self._found: list[Anomaly] = []
        self._odd: list[bool] = []

    def add(self, truth: Series, found: Anomaly) -> None:
        """Add a series."""
        normal = truth.label == NO_LABEL or self._config.classes[truth.label] == self._config.normal
        self._odd.append(not (normal or self._config.normal == ""))
        self._found.append(found)

    def figures(self) -> dict[str, float]:
        """Area under the ROC curve; shares of the odd and of the normal series that were called anomalous."""
        odd, called = np.array(self._odd, np.bool_), np.array([one.anomalous for one in self._found], np.bool_)
        rates = {"found": called[odd], "false alarms": called[~odd]}
        shares = {name: float(some.mean()) if some.size else float("nan") for name, some in rates.items()}
        return {"auroc": auroc([one.score for one in self._found], self._odd), **shares}

    def table(self) -> str:
        """For the terminal."""
        return format_table(self.figures(), {})

    def write(self, folder: Path, about: Mapping[str, Any]) -> None:
        """Write ``report.json``."""
        write_json(folder / REPORT, {**about, "figures": self.figures()})


REPORTS: Mapping[str, type[RecognitionReport | ForecastReport | AnomalyReport]] = {
    "classify": RecognitionReport,
    "forecast": ForecastReport,
    "anomaly": AnomalyReport,
}


def make_report(config: SequenceConfig) -> Any:
    """The report on a model, by its goal; a :class:`~dl_robotics.data.report.Report` of series."""
    return REPORTS[config.goal](config)
