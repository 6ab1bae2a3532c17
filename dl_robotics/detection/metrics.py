"""How well objects were found: the average precision of COCO, computed by ``faster-coco-eval``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from faster_coco_eval import COCO, COCOeval_faster

from dl_robotics.data.errors import DataError
from dl_robotics.data.sample import Sample
from dl_robotics.ops.detections import Detections

# What COCOeval calls its figures, in the order of its ``all_stats``.
SUMMARY = (
    *("AP", "AP50", "AP75", "AP_small", "AP_medium", "AP_large"),
    *("AR_1", "AR_10", "AR_100", "AR_small", "AR_medium", "AR_large", "AR50", "AR75"),
)
RECALLS = np.linspace(0.0, 1.0, 101)  # where COCO samples precision
UNDEFINED = -1.0  # COCOeval's figure for a class or size of which there is no object


@dataclass(frozen=True, eq=False)
class PrecisionRecall:
    """Precision over recall of one class at IoU 0.5, as COCO samples it.

    :param precision: (101,) at recalls 0.00, 0.01, ... 1.00; 0 where that recall is not reached.
    :param scores: (101,) the score of the last object needed for that recall; 0 where it is not reached.
    """

    precision: npt.NDArray[np.float64]
    scores: npt.NDArray[np.float64]

    def best_threshold(self) -> float:
        """The score threshold with the greatest F1, the harmonic mean of precision and recall."""
        f1 = 2.0 * self.precision * RECALLS / np.maximum(self.precision + RECALLS, 1e-9)
        return float(self.scores[f1.argmax()])


class CocoMetrics:
    """Gathers images, then computes (Lin 2014, https://cocodataset.org/#detection-eval).

    AP is the mean over IoU thresholds 0.50, 0.55, ... 0.95 of the mean precision at 101 recalls; AP50 and AP75 are
    at one threshold. Sizes are by the area of the box in pixels: small < 32^2 <= medium < 96^2 <= large. AR_n is the
    recall with at most n objects an image. All are means over the classes that occur in the truth: what is found
    of a class that does not occur counts nowhere.

    :param classes: names by class id, the background's first.
    """

    def __init__(self, classes: Sequence[str]) -> None:
        self._classes = tuple(classes)
        self._images: list[dict[str, Any]] = []
        self._truth: list[dict[str, Any]] = []
        self._found: list[dict[str, Any]] = []
        self._evaluation: COCOeval_faster | None = None

    def add(self, truth: Sample, found: Detections) -> None:
        """Add an image.

        :raises DataError: if its boxes are not labelled.
        """
        boxes, labels = true_objects(truth)
        height, width = truth.image.shape[:2]
        number = len(self._images) + 1
        self._images.append({"id": number, "height": height, "width": width})
        for annotation in _annotations(number, boxes, labels):
            identity = {"id": len(self._truth) + 1, "iscrowd": 0}
            self._truth.append({**annotation, **identity})
        for annotation, score in zip(_annotations(number, found.boxes, found.labels), found.scores, strict=True):
            self._found.append({**annotation, "score": float(score)})
        self._evaluation = None

    def summary(self) -> dict[str, float]:
        """Figures in [0, 1] by name: those of ``SUMMARY``, and ``AP/<class>`` and ``AP50/<class>``.

        Undefined ones (of a class or size that does not occur in the truth) are left out.

        :raises DataError: if there is no object in the truth.
        """
        evaluation = self._evaluated()
        figures = dict(zip(SUMMARY, evaluation.all_stats, strict=True))
        for index, name in enumerate(self._classes[1:]):
            precision = evaluation.eval["precision"][:, :, index, 0, -1]  # (IoU thresholds, recalls)
            figures[f"AP/{name}"] = precision.mean()
            figures[f"AP50/{name}"] = precision[0].mean()
        return {name: float(value) for name, value in figures.items() if value != UNDEFINED}

    def curves(self) -> dict[str, PrecisionRecall]:
        """Precision over recall of each class that occurs in the truth.

        :raises DataError: if there is no object in the truth.
        """
        found = self._evaluated().eval
        curves = {}
        for index, name in enumerate(self._classes[1:]):
            precision, scores = (found[key][0, :, index, 0, -1] for key in ("precision", "scores"))
            if precision[0] != UNDEFINED:
                curves[name] = PrecisionRecall(precision, scores)
        return curves

    def _evaluated(self) -> COCOeval_faster:
        if not self._truth:
            named = ", ".join(self._classes[1:])
            raise DataError(f"{len(self._images)} images: expected at least one labelled object ({named}), got none")
        if self._evaluation is None:
            categories = [{"id": number, "name": name} for number, name in enumerate(self._classes) if number]
            truth = COCO({"images": self._images, "annotations": self._truth, "categories": categories})
            self._evaluation = COCOeval_faster(truth, truth.loadRes(self._found), "bbox", print_function=_quiet)
            self._evaluation.params.imgIds = truth.getImgIds()
            self._evaluation.params.catIds = truth.getCatIds()
            self._evaluation.run()
        return self._evaluation


def true_objects(truth: Sample) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Boxes and class ids of a sample.

    :raises DataError: if its boxes are not labelled.
    """
    if truth.boxes is None or truth.labels is None:
        raise DataError(f"{truth.source}: expected labelled boxes, got none")
    return truth.boxes, truth.labels


def _annotations(image: int, boxes: npt.NDArray[Any], labels: npt.NDArray[Any]) -> Iterator[dict[str, Any]]:
    """COCO's annotations: left, top, width and height of the box."""
    left_top = boxes[:, :2].astype(np.float64)
    sizes = boxes[:, 2:] - left_top
    corners = np.concatenate([left_top, sizes], axis=1).tolist()
    for bbox, label in zip(corners, labels.tolist(), strict=True):
        yield {"image_id": image, "category_id": label, "bbox": bbox, "area": bbox[2] * bbox[3]}


def _quiet(*_: object) -> None:
    """Takes what COCOeval would print."""
