"""How forecasts are learned, and told beside baselines: the task that the supervised loop runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn

from dl_robotics.config import to_dict
from dl_robotics.data.errors import DataError
from dl_robotics.data.series.series import Series, Values
from dl_robotics.nn.processes import divisor
from dl_robotics.sequences.augmentation import AugmentationConfig, augment
from dl_robotics.sequences.baselines import baselines
from dl_robotics.sequences.config import SequenceConfig
from dl_robotics.sequences.metrics import Errors, ForecastErrors
from dl_robotics.sequences.model import KIND, build_model
from dl_robotics.sequences.preparation import Preparation
from dl_robotics.sequences.scaling import scaled, unscaled
from dl_robotics.sequences.seq2seq import Seq2Seq

LOSSES: Mapping[str, Callable[..., nn.Module]] = {"l1": nn.L1Loss, "l2": nn.MSELoss, "huber": nn.SmoothL1Loss}


class Example(NamedTuple):
    """What was, and what followed.

    :param history: (L, C) float32, scaled.
    :param future: (horizon, C) float32, scaled alike.
    :param weight: 1 for one that is learned from, 0 for one that is not.
    """

    history: Values
    future: Values
    weight: float


class Batch(NamedTuple):
    """Examples as tensors.

    :param history: (B, L, C) float32.
    :param future: (B, horizon, C) float32.
    :param weight: (B,) float32.
    """

    history: torch.Tensor
    future: torch.Tensor
    weight: torch.Tensor


class ForecastTask:
    """Learns what follows; the score is the skill: the share of the best baseline's mean absolute error that is saved.

    Errors are told in standard deviations of the training data.

    :param settings: with statistics.
    """

    kind = KIND
    score = "skill"

    def __init__(self, settings: SequenceConfig, augmentation: AugmentationConfig | None = None) -> None:
        self.settings, self.augmentation = settings, augmentation or AugmentationConfig()
        self.model = build_model(settings)
        self.baselines = baselines(settings)
        self._loss = LOSSES[settings.loss](reduction="none")
        self._preparation = Preparation(settings)

    def prepare(self, sample: Series, rng: np.random.Generator | None) -> Example:
        """History and future at the network's scale, augmented together if there is a generator.

        :raises DataError: if the series is shorter than history and horizon.
        """
        steps = self.settings.length + self.settings.horizon
        if len(sample.values) < steps:
            raise DataError(f"{sample.source}: expected {steps} steps or more, got {len(sample.values)}")
        past, future = self.parted(sample)
        prepared = self._preparation.history(past)
        values = np.concatenate([prepared.values, scaled(future, prepared.by)])
        if rng is not None:
            values = augment(values, self.augmentation, rng)
        weight = 1.0 if self.is_normal(sample) else 0.0
        return Example(values[: -self.settings.horizon], values[-self.settings.horizon :], weight)

    def collate(self, examples: Sequence[Example]) -> Batch:
        """Stack examples."""
        histories, futures, weights = zip(*examples, strict=True)
        return Batch(torch.from_numpy(np.stack(histories)), torch.from_numpy(np.stack(futures)), torch.tensor(weights))

    def loss(self, batch: Batch) -> Mapping[str, torch.Tensor]:
        """The error of the forecasts, each member of an ensemble on its own."""
        device = next(self.model.parameters()).device
        history, future, weight = (part.to(device) for part in batch)
        share = weight / divisor(weight.sum(), at_least=1.0)  # without a sample to learn from, the loss is 0
        losses = []
        for member in self.model.members:
            foretold = member(history, future) if isinstance(member, Seq2Seq) else member(history)
            losses.append((self._loss(foretold, future).mean((1, 2)) * share).sum())
        return {"error": torch.stack(losses).sum()}

    def is_normal(self, sample: Series) -> bool:
        """Whether a sample is learned from: all are."""
        return True

    def evaluate(self, samples: Iterable[Series]) -> Mapping[str, float]:
        """Mean absolute and root mean squared error, those of the baselines, and the skill."""
        errors = {name: ForecastErrors() for name in ("", *self.baselines)}
        for sample in samples:
            for name, error in self.errors(sample).items():
                errors[name].add(error)
        return forecast_figures(errors)

    def errors(self, sample: Series) -> dict[str, Errors]:
        """Errors (horizon, C) of the model's forecast (named "") and of the baselines', in standard deviations.

        The model is put into evaluation mode.
        """
        past, future = self.parted(sample)
        forecasts = {"": self.forecast(past), **{name: tell(past) for name, tell in self.baselines.items()}}
        std = self._preparation.data.std.astype(np.float64)
        return {name: (forecast - future) / std for name, forecast in forecasts.items()}

    def forecast(self, past: Values) -> Values:
        """(horizon, C) what follows a past, (T, C), in the signals' own units; the model goes to evaluation mode."""
        self.model.eval()
        device = next(self.model.parameters()).device
        prepared = self._preparation.history(past)
        with torch.inference_mode():
            foretold = self.model(torch.from_numpy(prepared.values)[None].to(device))[0].cpu().numpy()
        return unscaled(foretold, prepared.by)

    def parted(self, sample: Series) -> tuple[Values, Values]:
        """The network's steps of a series, and the horizon after them: its last ones."""
        horizon = self.settings.horizon
        return sample.values[-self.settings.length - horizon : -horizon], sample.values[-horizon:]

    def config(self) -> dict[str, Any]:
        """The settings, as :func:`~dl_robotics.sequences.model.load_model` reads them."""
        return to_dict(self.settings)


def forecast_figures(errors: Mapping[str, ForecastErrors]) -> dict[str, float]:
    """Figures of a model, whose name is empty, beside its baselines'."""
    mine, others = errors[""], {name: one for name, one in errors.items() if name}
    best = min(one.mae() for one in others.values())
    told = {f"mae/{name}": one.mae() for name, one in others.items()}
    skill = 1.0 - mine.mae() / best if best > 0.0 else 0.0
    return {"skill": skill, "mae": mine.mae(), "rmse": mine.rmse(), **told}
