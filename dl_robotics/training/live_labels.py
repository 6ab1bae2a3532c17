"""From an image and a message's labels to a sample, by the rules that hold for bags."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from dl_robotics.data.bags.labels import to_boxes
from dl_robotics.data.boxes import fit_boxes
from dl_robotics.data.classes import ClassIds
from dl_robotics.data.config import DataConfig
from dl_robotics.data.errors import DataError
from dl_robotics.data.folders.images import look_up
from dl_robotics.data.notes import Notes
from dl_robotics.data.sample import Sample
from dl_robotics.messages.detections import MarkedObjects

Pixels = npt.NDArray[np.uint8]


class LiveLabels:
    """What labels mean.

    ``notes`` counts what was left out.

    :param config: names, renames and policies; paths play no part.
    :param names: class names by the number that messages have for them; empty where they write names, or where
        ``config.classes`` are in their order.
    :param boxes: whether boxes are labelled, rather than pixels.
    :param where: the topic, for messages.
    :raises DataError: if there are no names, or names that cannot be used.
    """

    def __init__(self, config: DataConfig, names: Mapping[int, str], boxes: bool, where: str) -> None:
        if not (names or config.classes):
            raise DataError(f"{where}: expected the names of the classes, in data.classes or on label_info; got none")
        self._config, self._names, self._where = config, names, where
        self._ids = ClassIds(config, [names[number] for number in sorted(names)], boxes, where)
        words = {value: word for value, word in (names or dict(enumerate(config.classes))).items() if value < 256}
        self._table = None if boxes else self._ids.table(words, config.ignored_values, where)
        self.classes, self.notes = self._ids.names, Notes(where)

    def with_boxes(self, image: Pixels, objects: MarkedObjects, place: str) -> Sample:
        """A sample with boxes.

        :raises DataError: for unknown classes and boxes that do not fit.
        """
        height, width = image.shape[:2]
        known = to_boxes(objects, self._names, self._ids, (width, height), self._config, self.notes, place)
        fitted = fit_boxes(known.boxes, width, height, self._config.boxes, place)
        return Sample(image, fitted.boxes, known.labels[fitted.kept], None, place)

    def with_mask(self, image: Pixels, mask: Pixels, place: str) -> Sample:
        """A sample with a mask.

        :raises DataError: for pixels without meaning, or a mask of another size.
        """
        if mask.shape != image.shape[:2]:
            raise DataError(f"{place}: expected a mask of the image's size, {image.shape[:2]}, got {mask.shape}")
        return Sample(image, None, None, look_up(mask, self._table, place), place)
