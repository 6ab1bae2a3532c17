"""From a network's numbers to detections: probabilities, boxes, the best of those that overlap."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dl_robotics.detection.coding import Coding, Floats, Integers
from dl_robotics.detection.config import DetectorConfig
from dl_robotics.detection.settings import DetectorSettings, kept
from dl_robotics.ops.boxes import clip
from dl_robotics.ops.compiled import compiled
from dl_robotics.ops.detections import Detections
from dl_robotics.ops.nms import suppress
from dl_robotics.ops.read_only import as_read_only


class Postprocess:
    """Everything behind the network.

    :param coding: what its numbers mean.
    :raises ConfigError: if the settings name a class that there is not.
    """

    def __init__(self, config: DetectorConfig, coding: Coding, settings: DetectorSettings) -> None:
        self._config, self._coding, self._settings = config, coding, settings
        self._kept = kept(settings, config.classes)
        size = len(coding)
        self(np.zeros((size, len(config.classes)), np.float32), np.zeros((size, 4), np.float32), 1, 1)  # compiles

    def __call__(self, logits: Floats, offsets: Floats, height: int, width: int) -> Detections:
        """Detections in pixels of an image, clipped to it, by falling score.

        :param logits: (A, C).
        :param offsets: (A, 4).
        :param height: of the image; the network saw it resized.
        :raises FloatingPointError: if the network gave numbers that are not finite.
        """
        if not (np.isfinite(logits).all() and np.isfinite(offsets).all()):
            raise FloatingPointError("detector: expected finite numbers from the network, got NaN or infinity")
        probabilities, boxes = self._coding.decode(as_read_only(logits), as_read_only(offsets))
        boxes = clip(boxes, self._config.image_height, self._config.image_width)
        owners, labels, scores = candidates(probabilities, self._kept, self._settings.score_threshold)
        best = suppress(
            boxes,
            owners,
            scores,
            labels,
            self._settings.iou_threshold,
            self._config.candidates_per_class,
            self._settings.max_detections,
        )
        scale = (width / self._config.image_width, height / self._config.image_height) * 2
        return Detections(boxes[owners[best]] * np.array(scale, np.float32), labels[best], scores[best])


@compiled
def candidates(
    probabilities: Floats, kept: npt.NDArray[np.bool_], threshold: float
) -> tuple[Integers, Integers, Floats]:
    """Boxes, class ids and scores of all pairs of a box and a kept class with a probability above the threshold."""
    count = 0
    for box in range(probabilities.shape[0]):
        for label in range(1, probabilities.shape[1]):
            count += kept[label] and probabilities[box, label] > threshold
    owners, labels, scores = np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count, np.float32)
    count = 0
    for box in range(probabilities.shape[0]):
        for label in range(1, probabilities.shape[1]):
            if kept[label] and probabilities[box, label] > threshold:
                owners[count], labels[count], scores[count] = box, label, probabilities[box, label]
                count += 1
    return owners, labels, scores
