"""A segmenter's report: table, JSON, diagrams, the worst images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dl_robotics.data.errors import DataError
from dl_robotics.data.report import REPORT, Image, WorstImages, format_table, write_json
from dl_robotics.data.sample import Sample
from dl_robotics.ops.figures import bar_chart, matrix_chart, save_png
from dl_robotics.segmentation.draw import draw_segmentation
from dl_robotics.segmentation.metrics import Confusion
from dl_robotics.segmentation.stage import Segmentation


class SegmentationReport:
    """Gathers images, then tells.

    :param classes: names by class id.
    :param worst: number of images with the largest share of wrong pixels to be drawn.
    """

    def __init__(self, classes: Sequence[str], worst: int = 8) -> None:
        self._classes = tuple(classes)
        self._confusion = Confusion(len(classes))
        self._worst = WorstImages(worst)

    def add(self, truth: Sample, found: Segmentation) -> None:
        """Add an image.

        :raises DataError: if its pixels are not labelled.
        """
        mask = truth.mask
        if mask is None:
            raise DataError(f"{truth.source}: expected a mask, got none")
        one = Confusion(len(self._classes))
        one.add(mask, found.ids)
        self._confusion += one
        self._worst.offer(1.0 - one.accuracy(), lambda: self._picture(truth.image, mask, found.ids))

    def figures(self) -> dict[str, float]:
        """Mean intersection over union and accuracy."""
        return {"miou": self._confusion.mean_iou(), "accuracy": self._confusion.accuracy()}

    def classes(self) -> dict[str, dict[str, float]]:
        """Figures of each class: intersection over union, recall, precision, share of the pixels."""
        matrix = self._confusion.matrix
        right, true, said = np.diag(matrix), matrix.sum(1) + self._confusion.unnamed, matrix.sum(0)
        with np.errstate(invalid="ignore"):  # 0 / 0 is nan: undefined
            columns = {
                "IoU": self._confusion.iou(),
                "recall": right / true,
                "precision": right / said,
                "pixels": true / true.sum(),
            }
        return {
            name: {column: float(values[number]) for column, values in columns.items()}
            for number, name in enumerate(self._classes)
        }

    def table(self) -> str:
        """For the terminal."""
        return format_table(self.figures(), self.classes())

    def write(self, folder: Path, about: Mapping[str, Any]) -> None:
        """Write ``report.json`` and PNG files.

        :param about: what else belongs into the JSON.
        """
        classes = self.classes()
        matrix = {"names": list(self._classes), "counts": self._confusion.matrix.tolist()}
        described = {"figures": self.figures(), "classes": classes, "confusion": matrix}
        write_json(folder / REPORT, {**about, **described})
        save_png(matrix_chart(self._confusion.matrix, self._classes), folder / "confusion.png")
        save_png(bar_chart({name: row["IoU"] for name, row in classes.items()}, "IoU"), folder / "classes.png")
        self._worst.write(folder)

    def _picture(self, image: Image, true_ids: Image, ids: Image) -> Image:
        """What there is to the left, what was said to the right."""
        return np.hstack([draw_segmentation(image, shown, self._classes) for shown in (true_ids, ids)])
