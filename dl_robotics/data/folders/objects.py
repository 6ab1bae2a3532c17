"""Objects that were marked in an image, in the data's own words, and how they become boxes and class ids."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dl_robotics.data.boxes import fit_boxes
from dl_robotics.data.classes import ClassIds
from dl_robotics.data.config import DataConfig
from dl_robotics.data.folders.images import LabelledFile
from dl_robotics.data.notes import Notes


class MarkedObject(NamedTuple):
    """One object.

    :param word: its class.
    :param box: (4,) x_min, y_min, x_max, y_max in pixels; the image's left top corner is (0, 0).
    :param difficult: whether it is marked as hard to see, or as a crowd.
    """

    word: str
    box: npt.NDArray[np.float32]
    difficult: bool


def labelled_file(
    image: Path,
    size: tuple[int, int] | None,
    objects: Sequence[MarkedObject],
    config: DataConfig,
    classes: ClassIds,
    notes: Notes,
    place: str,
) -> LabelledFile:
    """An image file with its objects; what is left out is noted.

    :param size: width and height of the image, where the labels tell.
    :param place: the file that holds the labels.
    :raises DataError: for unknown classes and, unless they are to be clipped, boxes that do not fit.
    """
    used = [one for one in objects if config.difficult or not one.difficult]
    notes.add("difficult objects or crowds left out", place, len(objects) - len(used))
    ids = [classes.find_object(one.word, place) for one in used]
    known = [(one.box, class_id) for one, class_id in zip(used, ids, strict=True) if class_id is not None]
    notes.add("objects of dropped classes left out", place, len(used) - len(known))
    boxes = np.array([box for box, _ in known], np.float32).reshape(-1, 4)
    labels = np.array([class_id for _, class_id in known], np.int64)
    width, height = size or (math.inf, math.inf)
    fitted = fit_boxes(boxes, width, height, config.boxes, place)
    notes.add("boxes clipped to their images", place, fitted.clipped)
    notes.add("boxes without area left out", place, len(boxes) - len(fitted.boxes))
    return LabelledFile(image, fitted.boxes, labels[fitted.kept], size=size)
