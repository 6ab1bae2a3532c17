"""A detector's report: table, JSON, diagrams, the worst images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dl_robotics.data.report import REPORT, Image, WorstImages, format_table, write_json
from dl_robotics.data.sample import Sample
from dl_robotics.detection.confusion import confusion
from dl_robotics.detection.draw import draw_detections
from dl_robotics.detection.metrics import RECALLS, CocoMetrics, true_objects
from dl_robotics.ops.detections import Detections
from dl_robotics.ops.figures import bar_chart, line_chart, matrix_chart, save_png

MATCH_IOU = 0.5  # an object counts as found from this overlap on, outside of COCO's own figures


class DetectionReport:
    """Gathers images, then tells.

    :param classes: names by class id, the background's first.
    :param threshold: score from which a detection counts in the confusion matrix and in the worst images.
    :param worst: number of images with most mistakes to be drawn.
    """

    def __init__(self, classes: Sequence[str], threshold: float = 0.5, worst: int = 8) -> None:
        self._classes, self._threshold = tuple(classes), threshold
        self._metrics = CocoMetrics(classes)
        self._confusion = np.zeros((len(classes), len(classes)), np.int64)
        self._worst = WorstImages(worst)

    def add(self, truth: Sample, found: Detections) -> None:
        """Add an image.

        :raises DataError: if its boxes are not labelled.
        """
        boxes, labels = true_objects(truth)
        self._metrics.add(truth, found)
        counts = confusion(boxes, labels, found, len(self._classes), self._threshold, MATCH_IOU)
        self._confusion += counts
        there = Detections(boxes, labels, np.ones(len(labels), np.float32))
        self._worst.offer(float(counts.sum() - np.trace(counts)), lambda: self._picture(truth.image, there, found))

    def figures(self) -> dict[str, float]:
        """COCO's figures over all classes.

        :raises DataError: if no object is labelled.
        """
        return {name: value for name, value in self._metrics.summary().items() if "/" not in name}

    def classes(self) -> dict[str, dict[str, float]]:
        """Figures of each class: AP, AP50, the score threshold with the best F1, number of objects."""
        summary, curves = self._metrics.summary(), self._metrics.curves()
        objects = self._confusion.sum(1)
        return {
            name: {
                "AP": summary[f"AP/{name}"],
                "AP50": summary[f"AP50/{name}"],
                "threshold": curves[name].best_threshold(),
                "objects": int(objects[number]),
            }
            for number, name in enumerate(self._classes)
            if name in curves
        }

    def table(self) -> str:
        """For the terminal."""
        return format_table(self.figures(), self.classes())

    def write(self, folder: Path, about: Mapping[str, Any]) -> None:
        """Write ``report.json`` and PNG files.

        :param about: what else belongs into the JSON.
        """
        classes, curves = self.classes(), self._metrics.curves()
        matrix = {"names": list(self._classes), "counts": self._confusion.tolist(), "threshold": self._threshold}
        described = {"figures": self.figures(), "classes": classes, "confusion": matrix}
        write_json(folder / REPORT, {**about, **described})
        lines = {name: curve.precision for name, curve in curves.items()}
        save_png(line_chart(RECALLS, lines, ("recall", "precision at IoU 0.5")), folder / "precision_recall.png")
        save_png(matrix_chart(self._confusion, self._classes), folder / "confusion.png")
        save_png(bar_chart({name: row["AP50"] for name, row in classes.items()}, "AP50"), folder / "classes.png")
        self._worst.write(folder)

    def _picture(self, image: Image, there: Detections, found: Detections) -> Image:
        """What there is to the left, what was found to the right."""
        sure = found.scores >= self._threshold
        shown = Detections(found.boxes[sure], found.labels[sure], found.scores[sure])
        return np.hstack([draw_detections(image, seen, self._classes) for seen in (there, shown)])
