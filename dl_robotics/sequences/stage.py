"""A trained sequence model as a stage: readings of signals in, what they mean out."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dl_robotics.checkpoint import CheckpointError
from dl_robotics.config import require
from dl_robotics.data.series.config import SignalConfig
from dl_robotics.data.series.series import Values
from dl_robotics.inference.backend import Backend
from dl_robotics.inference.choose import make_backend
from dl_robotics.ops.smoothing import Smoothed
from dl_robotics.sequences.config import SequenceConfig
from dl_robotics.sequences.judges import JUDGES, named
from dl_robotics.sequences.model import input_shape, load_model
from dl_robotics.sequences.results import Recognition, Result
from dl_robotics.sequences.settings import SequenceSettings
from dl_robotics.sequences.window import NS_PER_S, Reading, SignalWindow

EARLY_STEPS = 0.5  # by which a judgement may come early and still be due


class SequenceStage:
    """Names activities, foretells, or finds anomalies, as its model has learned.

    ``judged_ns`` is the last time that was looked at; None before any.

    :param backend: runs the network.
    :param settings: may be replaced at any time; counts from the next reading on.
    """

    def __init__(self, backend: Backend, config: SequenceConfig, settings: SequenceSettings | None = None) -> None:
        self.backend, self.config = backend, config
        self.settings = settings or SequenceSettings()
        self._judge = JUDGES[config.goal](backend, config)
        self._smoothed = Smoothed()
        self.judged_ns: int | None = None
        self._window: SignalWindow | None = None
        self.signals: tuple[SignalConfig, ...] = ()
        if config.signals:
            self.listen_to(config.signals)

    @classmethod
    def load(cls, path: str | Path, device: str = "cpu", backend: str = "auto") -> SequenceStage:
        """Build the stage of a checkpoint.

        :param device: where the network runs, as torch names it.
        :param backend: ``"torch"``, ``"onnxruntime"``, ``"openvino"``, or ``"auto"`` for the fastest one here.
        :raises CheckpointError: if the file is missing, damaged, no sequence model, or its weights do not fit its
            settings.
        :raises ConfigError: if its settings are not a sequence model's, or there is no such backend.
        :raises BackendError: if the backend cannot be had.
        """
        model, config = load_model(path)
        example = np.zeros(input_shape(config), np.float32)
        made = make_backend(backend, model, example, Path(path).with_suffix(".onnx"), device)
        try:
            return cls(made, config)
        except CheckpointError as error:
            raise CheckpointError(f"{path}: {error}") from error

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the class ids; none where nothing is classified."""
        return self.config.classes

    @property
    def steps(self) -> int:
        """How many the signals must have for anything to be said of them."""
        return self._judge.steps

    def listen_to(self, signals: tuple[SignalConfig, ...]) -> None:
        """Take the channels from these topics and fields, and begin anew; at first they are the training data's.

        :raises ConfigError: if they are not as many as the model's channels, or the model's rate is not known.
        """
        sizes = [len(signal.fields) for signal in signals]
        channels, rate_hz = len(self.config.channels), self.config.rate_hz
        require(sum(sizes) == channels, "signals", f"{channels} fields: {', '.join(self.config.channels)}", signals)
        require(rate_hz > 0.0, "rate_hz", "> 0 Hz where signals are read from topics", rate_hz)
        self.signals, self._window = signals, SignalWindow(sizes, self._judge.steps, rate_hz)
        self.reset()

    def reset(self) -> None:
        """Forget the signals so far."""
        self.judged_ns = None
        self._smoothed.forget()
        if self._window is not None:
            self._window.clear()

    def judge(self, values: Values) -> Result:
        """What a whole clip, (T, C) in the signals' own units, means; nothing of it is remembered.

        :raises ValueError: for another number of channels, or too few steps.
        :raises FloatingPointError: if the network's numbers are not finite: damaged weights.
        """
        return self._judge(values, self.settings)

    def __call__(self, reading: Reading) -> Result | None:
        """Take a reading in, and look at the last steps if that is due."""
        return self.look() if self.take(reading) else None

    def take(self, reading: Reading) -> bool:
        """Take a reading in.

        :returns: whether it is time to :meth:`look`.
        :raises ValueError: if there is no signal to read, or for another number of fields.
        """
        if self._window is None:
            raise ValueError("signals: expected topics and fields to read, got none")
        newest_ns = self._window.newest_ns if self._window.add(reading) else None
        return newest_ns is not None and self._is_due(newest_ns)

    def look(self) -> Result | None:
        """What the last steps mean; None while there are too few, and while a signal has a gap.

        :raises FloatingPointError: if the network's numbers are not finite: damaged weights.
        """
        if self._window is None or self._window.newest_ns is None:
            return None
        newest_ns, values = self._window.newest_ns, self._window.values(self.settings.max_gap_s)
        if values is None:
            self._smoothed.forget()
            return None
        self.judged_ns = newest_ns
        result = self._judge(values, self.settings)
        return self._smooth(result, newest_ns / NS_PER_S) if isinstance(result, Recognition) else result

    def _is_due(self, newest_ns: int) -> bool:
        """Whether enough steps have come since the last judgement; always after a jump back of time."""
        if self.judged_ns is None:
            return True
        steps = (newest_ns - self.judged_ns) / NS_PER_S * self.config.rate_hz
        if steps < 0.0:
            self._smoothed.forget()
        return steps < 0.0 or steps >= self.settings.every - EARLY_STEPS

    def _smooth(self, found: Recognition, time_s: float) -> Recognition:
        self._smoothed.add(found.probabilities, time_s, self.settings.smoothing_s)
        probabilities = self._smoothed.value
        return found if probabilities is None else named(probabilities, self.settings)
