"""How a recogniser of activities in signals is trained: the task that the supervised loop runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn

from dl_robotics.config import to_dict
from dl_robotics.data.errors import DataError
from dl_robotics.data.series.series import NO_LABEL, Series, Values
from dl_robotics.nn.processes import gathered, own_rows
from dl_robotics.sequences.augmentation import AugmentationConfig, augment
from dl_robotics.sequences.config import SequenceConfig
from dl_robotics.sequences.model import KIND, build_model
from dl_robotics.sequences.preparation import Preparation


class Example(NamedTuple):
    """A labelled sequence.

    :param values: (L, C) float32, scaled.
    :param label: class id.
    """

    values: Values
    label: int


class Batch(NamedTuple):
    """Examples as tensors.

    :param values: (B, L, C) float32.
    :param labels: (B,) int64.
    """

    values: torch.Tensor
    labels: torch.Tensor


class ClassificationTask:
    """Learns what is going on from labelled series; the score is the share that is named right.

    :param settings: with statistics and classes.
    :param label_smoothing: share of the target spread evenly over all classes (Szegedy et al. 2016), in [0, 1).
    """

    kind = KIND
    score = "top1"

    def __init__(
        self,
        settings: SequenceConfig,
        augmentation: AugmentationConfig | None = None,
        label_smoothing: float = 0.0,
    ) -> None:
        self.settings, self.augmentation = settings, augmentation or AugmentationConfig()
        self.model = build_model(settings)
        self._loss = nn.CrossEntropyLoss(label_smoothing=label_smoothing)
        self._preparation = Preparation(settings)

    def prepare(self, sample: Series, rng: np.random.Generator | None) -> Example:
        """A series at the network's length and scale, augmented if there is a generator.

        :raises DataError: if it is not labelled.
        """
        if sample.label == NO_LABEL:
            raise DataError(f"{sample.source}: expected a label, got none")
        values = self._preparation.whole(sample.values).values
        return Example(values if rng is None else augment(values, self.augmentation, rng), sample.label)

    def collate(self, examples: Sequence[Example]) -> Batch:
        """Stack examples."""
        values, labels = zip(*examples, strict=True)
        return Batch(torch.from_numpy(np.stack(values)), torch.tensor(labels))

    def loss(self, batch: Batch) -> Mapping[str, torch.Tensor]:
        """Cross-entropy over the classes, each member of an ensemble on its own."""
        device = next(self.model.parameters()).device
        values, labels = batch.values.to(device), batch.labels.to(device)
        losses = [self._member_loss(member, values, labels) for member in self.model.members]
        return {"cross_entropy": torch.stack(losses).sum()}

    def evaluate(self, samples: Iterable[Series]) -> Mapping[str, float]:
        """Accuracy, mean recall of the classes and that of each; beside them the share of the commonest class, which is
        what always naming that one would reach."""
        self.model.eval()
        device = next(self.model.parameters()).device
        matrix = np.zeros((len(self.settings.classes),) * 2, np.int64)  # by true and by likeliest class
        for sample in samples:
            values = self.collate([self.prepare(sample, None)]).values.to(device)
            with torch.inference_mode():
                matrix[sample.label, int(self.model(values)[0].argmax())] += 1
        counts = matrix.sum(1)
        recall = np.where(counts > 0, np.diag(matrix) / np.maximum(counts, 1), np.nan)
        each = {f"recall/{name}": float(r) for name, r in zip(self.settings.classes, recall, strict=True)}
        whole = {"top1": float(np.trace(matrix) / counts.sum()), "mean_recall": float(np.nanmean(recall))}
        return {**whole, "top1/commonest": float(counts.max() / counts.sum()), **each}

    def config(self) -> dict[str, Any]:
        """The settings, as :func:`~dl_robotics.sequences.model.load_model` reads them."""
        return to_dict(self.settings)

    def _member_loss(self, member: nn.Module, values: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """With mixup (Zhang et al. 2018, equation 1), each sequence is mixed with another, and so is its target."""
        if self.augmentation.mixup == 0.0:
            return self._cross_entropy(member(values), labels)
        alpha = torch.tensor(self.augmentation.mixup)
        share = torch.distributions.Beta(alpha, alpha).sample().item()
        everyone = gathered(values)
        other = own_rows(torch.randperm(len(everyone), device=values.device))
        logits = member(share * values + (1.0 - share) * everyone[other])
        first, second = self._cross_entropy(logits, labels), self._cross_entropy(logits, gathered(labels)[other])
        return share * first + (1.0 - share) * second

    def _cross_entropy(self, logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        loss: torch.Tensor = self._loss(logits, labels)
        return loss
