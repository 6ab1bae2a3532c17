"""How anomalies are learned: forecasts of what is normal, and how far they are off when it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from dl_robotics.data.series.series import NO_LABEL, Series
from dl_robotics.sequences.anomaly import AnomalyScale, fit_errors
from dl_robotics.sequences.forecasting import ForecastTask, forecast_figures
from dl_robotics.sequences.metrics import Errors, ForecastErrors, auroc


class AnomalyTask(ForecastTask):
    """Learns forecasts; each evaluation measures their errors on normal samples, which go into the checkpoint.

    The score stays the skill of the forecasts on normal samples: no anomaly is needed, and none chooses the weights.
    Where there are some, the area under the ROC curve tells how well they are found.
    """

    def evaluate(self, samples: Iterable[Series]) -> Mapping[str, float]:
        """Figures of the forecasts on normal samples; ``auroc`` of the anomaly score, and of the naive forecast's.

        :raises DataError: if there are too few normal samples.
        """
        names = ("", *self.baselines)
        found = [(self.is_normal(sample), self.errors(sample)) for sample in samples]
        normal = {name: [errors[name] for fine, errors in found if fine] for name in names}
        gathered = {name: ForecastErrors() for name in names}
        for name, errors in normal.items():
            for error in errors:
                gathered[name].add(error)
        self.settings = replace(self.settings, errors=fit_errors(normal[""]))
        odd = [not fine for fine, _ in found]
        areas = {
            label: _area(normal[name], [errors[name] for _, errors in found], odd)
            for label, name in (("auroc", ""), ("auroc/naive", "naive"))
            if any(odd)
        }
        return {**forecast_figures(gathered), **areas}

    def is_normal(self, sample: Series) -> bool:
        """Whether a sample is learned from: it has no label, or the normal one, or all are normal."""
        return (
            self.settings.normal == ""
            or sample.label == NO_LABEL
            or self.settings.classes[sample.label] == self.settings.normal
        )


def _area(normal: list[Errors], every: list[Errors], odd: list[bool]) -> float:
    scale = AnomalyScale(fit_errors(normal))
    return auroc([scale.score(error) for error in every], odd)
