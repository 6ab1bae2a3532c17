"""A sequence model on whole series, as they lie in files: for evaluations."""

from __future__ import annotations

from pathlib import Path

from dl_robotics.data.series.series import Series
from dl_robotics.inference.backend import Backend
from dl_robotics.sequences.config import SequenceConfig
from dl_robotics.sequences.results import Result
from dl_robotics.sequences.stage import SequenceStage


class SeriesStage:
    """Judges one series after another; of one whose future is asked for, the horizon's last steps are kept from it."""

    def __init__(self, stage: SequenceStage) -> None:
        self._stage = stage

    @classmethod
    def load(cls, path: str | Path, device: str = "cpu", backend: str = "auto") -> SeriesStage:
        """Build the stage of a checkpoint; errors as :meth:`SequenceStage.load`."""
        return cls(SequenceStage.load(path, device, backend))

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the class ids; none where nothing is classified."""
        return self._stage.classes

    @property
    def config(self) -> SequenceConfig:
        """The model's settings."""
        return self._stage.config

    @property
    def backend(self) -> Backend:
        """What runs the network."""
        return self._stage.backend

    def __call__(self, series: Series) -> Result:
        """What a series means.

        :raises ValueError: for another number of channels, or too few steps.
        """
        foretold = self.config.goal == "forecast"
        return self._stage.judge(series.values[: -self.config.horizon] if foretold else series.values)
