"""How a segmenter is trained: the task that the supervised loop runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
import torch

from dl_robotics.config import ConfigError, to_dict
from dl_robotics.data.augmentation import AugmentationConfig, augment
from dl_robotics.data.errors import DataError
from dl_robotics.data.sample import IGNORED, Sample
from dl_robotics.inference.torch_backend import TorchBackend
from dl_robotics.ops.preprocess import Floats, Preprocess
from dl_robotics.segmentation.config import SegmenterConfig
from dl_robotics.segmentation.loss import PixelCounts, SegmentationLoss, class_weights
from dl_robotics.segmentation.metrics import Confusion
from dl_robotics.segmentation.model import KIND, build_model
from dl_robotics.segmentation.network import Scores
from dl_robotics.segmentation.stage import Segmenter

Mask = npt.NDArray[np.uint8]


class Example(NamedTuple):
    """A sample at the network's size.

    :param image: (3, height, width) float32, normalised.
    :param mask: (height, width) class ids, or ``IGNORED``.
    """

    image: Floats
    mask: Mask


class Batch(NamedTuple):
    """Examples as tensors.

    :param images: (B, 3, height, width) float32.
    :param masks: (B, height, width) uint8.
    """

    images: torch.Tensor
    masks: torch.Tensor


class SegmentationTask:
    """Learns the class of every pixel; the score is the mean intersection over union.

    :param counts: how often each class occurs in the training data, needed where classes are not weighed equally.
    :raises ConfigError: if the counts are needed and missing.
    """

    kind = KIND
    score = "miou"

    def __init__(
        self,
        settings: SegmenterConfig,
        augmentation: AugmentationConfig | None = None,
        counts: PixelCounts | None = None,
    ) -> None:
        weighing = settings.loss.class_weights
        if weighing != "equal" and counts is None:
            raise ConfigError(f"class_weights: {weighing!r} needs the classes' counts in the training data, got none")
        num_classes = len(settings.classes)
        self.settings, self.augmentation = settings, augmentation or AugmentationConfig()
        self.model = build_model(settings)
        self._loss = SegmentationLoss(settings.loss, class_weights(counts or PixelCounts(num_classes), weighing))
        self._preprocess = Preprocess(settings.image_height, settings.image_width, settings.mean, settings.std)

    def prepare(self, sample: Sample, rng: np.random.Generator | None) -> Example:
        """A sample at the network's size, augmented if there is a generator.

        :raises DataError: if it has no mask, or one with an unknown class id.
        """
        if rng is not None:
            sample = augment(sample, self.augmentation, rng)
        height, width = self.settings.image_height, self.settings.image_width
        image = np.empty((3, height, width), np.float32)
        self._preprocess.into(sample.image, image)
        mask = labelled_mask(sample, len(self.settings.classes))
        # Unlike INTER_NEAREST this takes the pixel whose centre is nearest.
        return Example(image, np.asarray(cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST_EXACT)))

    def collate(self, examples: Sequence[Example]) -> Batch:
        """Stack examples."""
        images, masks = zip(*examples, strict=True)
        return Batch(torch.from_numpy(np.stack(images)), torch.from_numpy(np.stack(masks)))

    def loss(self, batch: Batch) -> Mapping[str, torch.Tensor]:
        """Cross-entropy over the labelled pixels."""
        device = next(self.model.parameters()).device
        scores = self.model.scores(batch.images.to(device))
        return {"cross_entropy": self._loss.to(device)(scores, batch.masks.to(device))}

    def evaluate(self, samples: Iterable[Sample]) -> Mapping[str, float]:
        """Mean intersection over union, that of each class, and accuracy, at the samples' own sizes.

        :raises DataError: if a sample has no mask, or one with an unknown class id.
        """
        device = str(next(self.model.parameters()).device)
        segmenter = Segmenter(TorchBackend(Scores(self.model), device, torch.get_num_threads()), self.settings)
        confusion = Confusion(len(self.settings.classes))
        for sample in samples:
            confusion.add(labelled_mask(sample, len(self.settings.classes)), segmenter(sample.image).ids)
        each = {f"iou/{name}": float(iou) for name, iou in zip(self.settings.classes, confusion.iou(), strict=True)}
        return {"miou": confusion.mean_iou(), "accuracy": confusion.accuracy(), **each}

    def config(self) -> dict[str, Any]:
        """The settings, as :func:`~dl_robotics.segmentation.model.load_model` reads them."""
        return to_dict(self.settings)


def count_pixels(samples: Iterable[Sample], num_classes: int) -> PixelCounts:
    """How often each class occurs.

    :raises DataError: if a sample has no mask, or one with an unknown class id.
    """
    counts = PixelCounts(num_classes)
    for sample in samples:
        counts.add(labelled_mask(sample, num_classes))
    return counts


def labelled_mask(sample: Sample, num_classes: int) -> Mask:
    """The mask of a sample.

    :raises DataError: if there is none, or it has an unknown class id.
    """
    if sample.mask is None:
        raise DataError(f"{sample.source}: expected a mask, got none")
    unknown = sample.mask[(sample.mask >= num_classes) & (sample.mask != IGNORED)]
    if unknown.size:
        raise DataError(
            f"{sample.source}: mask: expected class ids 0 to {num_classes - 1} or {IGNORED}, got {unknown[0]}"
        )
    return sample.mask
