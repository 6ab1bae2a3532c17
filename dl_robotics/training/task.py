"""What the supervised loop knows of a task: the model, its batches, its loss and its score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
import torch
from torch import nn

from dl_robotics.data.collection import Sourced

Sample_contra = TypeVar("Sample_contra", bound=Sourced, contravariant=True)
Example = TypeVar("Example")
Batch = TypeVar("Batch")


class SupervisedTask(Protocol[Sample_contra, Example, Batch]):
    """Implemented by ``learning.py`` of each task's folder; samples are images, clips, or whatever the task takes.

    ``kind`` is the checkpoints' kind; ``score`` the figure of :meth:`evaluate` that the best checkpoint maximises.
    """

    kind: str
    score: str

    @property
    def model(self) -> nn.Module:
        """The network that learns."""

    def prepare(self, sample: Sample_contra, rng: np.random.Generator | None) -> Example:
        """A sample at the network's size, augmented if there is a generator; runs in threads beside the training."""

    def collate(self, examples: Sequence[Example]) -> Batch:
        """Stack examples into tensors."""

    def loss(self, batch: Batch) -> Mapping[str, torch.Tensor]:
        """Named parts of the loss, whose sum is minimised; the model is in training mode."""

    def evaluate(self, samples: Iterable[Sample_contra]) -> Mapping[str, float]:
        """Figures of merit of the model as it is now, ``score`` among them; leaves the model in evaluation mode."""

    def config(self) -> dict[str, Any]:
        """The checkpoint's ``config``: all that rebuilds the model and its pre- and postprocessing, as plain data.

        ``classes`` are among it where something is classified.
        """
