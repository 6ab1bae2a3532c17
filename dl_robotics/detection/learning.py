"""How a detector is trained: the task that the supervised loop runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import torch

from dl_robotics.config import to_dict
from dl_robotics.data.augmentation import AugmentationConfig, augment
from dl_robotics.data.errors import DataError
from dl_robotics.data.sample import Sample
from dl_robotics.detection.anchors import cluster_anchors
from dl_robotics.detection.coding import Floats, Targets
from dl_robotics.detection.config import DetectorConfig
from dl_robotics.detection.grid_loss import grid_loss
from dl_robotics.detection.loss import TargetBatch, class_weights, multibox_loss
from dl_robotics.detection.metrics import CocoMetrics
from dl_robotics.detection.model import KIND, build_detector, make_coding
from dl_robotics.detection.stage import Detector
from dl_robotics.inference.torch_backend import TorchBackend
from dl_robotics.ops.boxes import Boxes, at_least
from dl_robotics.ops.preprocess import Preprocess

SMALLEST_SIDE = 1.0  # pixels at the network's size: smaller boxes teach nothing but noise


class Example(NamedTuple):
    """A sample at the network's size.

    :param image: (3, height, width) float32, normalised.
    """

    image: Floats
    targets: Targets


class Batch(NamedTuple):
    """Examples as tensors.

    :param images: (B, 3, height, width) float32.
    """

    images: torch.Tensor
    targets: TargetBatch


class DetectionTask:
    """Learns to find objects; the score is COCO's average precision at IoU 0.5.

    :param settings: with anchors where the architecture needs them, see :func:`with_anchors`.
    :param augmentation: of training samples.
    :raises ConfigError: if the parts of the detector do not fit together.
    """

    kind = KIND
    score = "AP50"

    def __init__(self, settings: DetectorConfig, augmentation: AugmentationConfig | None = None) -> None:
        self.settings, self.augmentation = settings, augmentation or AugmentationConfig()
        self.model = build_detector(settings)
        self._coding = make_coding(settings, settings.loss.match_iou)
        self._loss = grid_loss if settings.architecture == "grid" else multibox_loss
        self._weights = class_weights(settings.loss, settings.classes)
        self._preprocess = Preprocess(settings.image_height, settings.image_width, settings.mean, settings.std)

    def prepare(self, sample: Sample, rng: np.random.Generator | None) -> Example:
        """A sample at the network's size, augmented if there is a generator, and what the network should say of it.

        :raises DataError: if its boxes are not labelled, or one has an unknown class id.
        """
        boxes, labels = labelled_boxes(sample, len(self.settings.classes))
        if rng is not None:
            sample = augment(sample, self.augmentation, rng)
            boxes, labels = labelled_boxes(sample, len(self.settings.classes))
        image = np.empty((3, self.settings.image_height, self.settings.image_width), np.float32)
        self._preprocess.into(sample.image, image)
        boxes = at_network_size(boxes, sample, self.settings)
        usable = at_least(boxes, SMALLEST_SIDE)
        return Example(image, self._coding.encode(boxes[usable], labels[usable]))

    def collate(self, examples: Sequence[Example]) -> Batch:
        """Stack examples."""
        images = torch.from_numpy(np.stack([example.image for example in examples]))
        labels, offsets = (np.stack(part) for part in zip(*(example.targets for example in examples), strict=True))
        return Batch(images, TargetBatch(torch.from_numpy(labels), torch.from_numpy(offsets)))

    def loss(self, batch: Batch) -> Mapping[str, torch.Tensor]:
        """Parts of the loss, for classes and for boxes."""
        device = next(self.model.parameters()).device
        logits, offsets = self.model(batch.images.to(device))
        targets = TargetBatch(*(part.to(device) for part in batch.targets))
        weights = None if self._weights is None else self._weights.to(device)
        return self._loss(logits, offsets, targets, self.settings.loss, weights)

    def evaluate(self, samples: Iterable[Sample]) -> Mapping[str, float]:
        """COCO's figures at the samples' own sizes.

        :raises DataError: if boxes are not labelled, or there is no object at all.
        """
        device = str(next(self.model.parameters()).device)
        backend = TorchBackend(self.model, device, torch.get_num_threads())
        detector, metrics = Detector(self.settings, backend, self._coding), CocoMetrics(self.settings.classes)
        for sample in samples:
            metrics.add(sample, detector(sample.image))
        return metrics.summary()

    def config(self) -> dict[str, Any]:
        """The settings, as :func:`~dl_robotics.detection.model.load_model` reads them."""
        return to_dict(self.settings)


def with_anchors(settings: DetectorConfig, samples: Iterable[Sample], seed: int = 0) -> DetectorConfig:
    """Settings with anchors for the grid, clustered from labelled boxes; others, and given anchors, stay.

    :raises DataError: if a sample's boxes are not labelled.
    :raises ConfigError: if there are fewer different boxes than anchors.
    """
    if settings.architecture != "grid" or settings.anchors:
        return settings
    parts = [_sides(sample, settings) for sample in samples]
    sides = np.concatenate([np.zeros((0, 2), np.float32), *parts])
    anchors = cluster_anchors(sides, settings.anchor_count, np.random.default_rng(seed))
    return replace(settings, anchors=tuple((float(width), float(height)) for width, height in anchors))


def labelled_boxes(sample: Sample, num_classes: int) -> tuple[Boxes, np.ndarray]:
    """Boxes and class ids of a sample.

    :raises DataError: if there are none, or a class id is unknown.
    """
    if sample.boxes is None or sample.labels is None:
        raise DataError(f"{sample.source}: expected labelled boxes, got none")
    unknown = sample.labels[(sample.labels < 1) | (sample.labels >= num_classes)]
    if unknown.size:
        raise DataError(f"{sample.source}: labels: expected class ids 1 to {num_classes - 1}, got {unknown[0]}")
    return sample.boxes, sample.labels


def at_network_size(boxes: Boxes, sample: Sample, settings: DetectorConfig) -> Boxes:
    """Boxes of a sample, in pixels of the network's input."""
    height, width = sample.image.shape[:2]
    return boxes * np.array([settings.image_width / width, settings.image_height / height] * 2, np.float32)


def _sides(sample: Sample, settings: DetectorConfig) -> Boxes:
    """(n, 2) widths and heights at the network's size."""
    boxes, _ = labelled_boxes(sample, len(settings.classes))
    boxes = at_network_size(boxes, sample, settings)
    return boxes[at_least(boxes, SMALLEST_SIDE), 2:] - boxes[at_least(boxes, SMALLEST_SIDE), :2]
