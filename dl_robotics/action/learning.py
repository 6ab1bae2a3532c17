"""How a recogniser of activities is trained: the task that the supervised loop runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn

from dl_robotics.action.augmentation import ClipAugmentation, augment
from dl_robotics.action.clip_recogniser import ClipRecogniser
from dl_robotics.action.config import RecogniserConfig
from dl_robotics.action.metrics import ActivityMetrics
from dl_robotics.action.model import KIND, build_model
from dl_robotics.action.sampling import all_windows, draw_window
from dl_robotics.action.transforms import Floats, prepare_window
from dl_robotics.config import to_dict
from dl_robotics.data.clips.clip import Clip
from dl_robotics.inference.torch_backend import TorchBackend


class Example(NamedTuple):
    """A window of a clip.

    :param window: (C, T, V, M) float32.
    :param label: class id.
    """

    window: Floats
    label: int


class Batch(NamedTuple):
    """Examples as tensors.

    :param windows: (B, C, T, V, M) float32.
    :param labels: (B,) int64.
    """

    windows: torch.Tensor
    labels: torch.Tensor


class ActionTask:
    """Learns the activity of a clip; the score is the share of clips that are named right.

    :param label_smoothing: share of the target spread evenly over all classes (Szegedy et al. 2016), in [0, 1).
    """

    kind = KIND
    score = "top1"

    def __init__(
        self, settings: RecogniserConfig, augmentation: ClipAugmentation | None = None, label_smoothing: float = 0.0
    ) -> None:
        self.settings, self.augmentation = settings, augmentation or ClipAugmentation()
        self.model = build_model(settings)
        self._loss = nn.CrossEntropyLoss(label_smoothing=label_smoothing)

    def prepare(self, sample: Clip, rng: np.random.Generator | None) -> Example:
        """A window of a clip: at random and augmented if there is a generator, else the last of those that judge it.

        :raises ConfigError: if the image's size is needed and the clip has none.
        """
        if rng is None:
            *_, sampled = all_windows(sample, self.settings)
        else:
            clip = augment(sample, self.augmentation, self.settings.skeleton, rng)
            sampled = draw_window(clip, self.settings, rng)
        return Example(prepare_window(*sampled, self.settings, sample.image_size), sample.label)

    def collate(self, examples: Sequence[Example]) -> Batch:
        """Stack examples."""
        windows, labels = zip(*examples, strict=True)
        return Batch(torch.from_numpy(np.stack(windows)), torch.tensor(labels))

    def loss(self, batch: Batch) -> Mapping[str, torch.Tensor]:
        """Cross-entropy over the classes."""
        device = next(self.model.parameters()).device
        return {"cross_entropy": self._loss(self.model(batch.windows.to(device)), batch.labels.to(device))}

    def evaluate(self, samples: Iterable[Clip]) -> Mapping[str, float]:
        """Top-1 and top-5 accuracy, mean recall of the classes and that of each, over whole clips."""
        device = str(next(self.model.parameters()).device)
        recogniser = ClipRecogniser(TorchBackend(self.model, device, torch.get_num_threads()), self.settings)
        metrics = ActivityMetrics(len(self.settings.classes))
        for clip in samples:
            metrics.add(clip.label, recogniser(clip))
        each = {f"recall/{name}": float(r) for name, r in zip(self.settings.classes, metrics.recall(), strict=True)}
        return {**metrics.figures(), **each}

    def config(self) -> dict[str, Any]:
        """The settings, as :func:`~dl_robotics.action.model.load_model` reads them."""
        return to_dict(self.settings)
