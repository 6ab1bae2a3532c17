"""Ground truth of an image: from the number of the object at every pixel to boxes and a mask of classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dl_robotics.config import load, require
from dl_robotics.ops.compiled import compiled
from dl_robotics.ops.detections import BACKGROUND, Detections
from dl_robotics.resources import shipped

Boxes = npt.NDArray[np.float32]
Instances = npt.NDArray[np.int64]
LARGEST_LABEL = 255  # as Gazebo's


@dataclass(frozen=True)
class ClassList:
    """Names of classes; ids count from 0: the background, the things, the stuff.

    :param things: countable objects, which have boxes.
    :param stuff: what has no boxes, e.g. the floor.
    """

    things: tuple[str, ...]
    stuff: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = self.names
        require(len(set(names)) == len(names) and all(names), "things, stuff", "names that differ", names)
        require(len(names) <= LARGEST_LABEL, "things, stuff", f"fewer than {LARGEST_LABEL} names", len(names))

    @classmethod
    def load(cls, name: str) -> ClassList:
        """The list in a YAML file, or the shipped one of that name in ``config/scenes``.

        :raises ConfigError: if the file holds something else.
        :raises FileNotFoundError: if no list of that name ships.
        """
        return load(cls, shipped("scenes", name, ".yaml"))

    @property
    def names(self) -> tuple[str, ...]:
        """By id."""
        return (BACKGROUND, *self.things, *self.stuff)

    def is_thing(self, label: int) -> bool:
        """Whether objects of the class have boxes."""
        return 0 < label <= len(self.things)


@dataclass(frozen=True)
class BoxRule:
    """Which objects get a box; the mask holds the others all the same.

    :param min_pixels: visible pixels, at least.
    :param min_side_px: shorter side of the box, at least.
    :param min_visible: area of the box, at least, as a share of the box that the object would have in this image if
        nothing stood before it.
    """

    min_pixels: int = 100
    min_side_px: int = 8
    min_visible: float = 0.3

    def __post_init__(self) -> None:
        require(self.min_pixels >= 1, "min_pixels", ">= 1", self.min_pixels)
        require(self.min_side_px >= 1, "min_side_px", ">= 1", self.min_side_px)
        require(0.0 <= self.min_visible <= 1.0, "min_visible", "within [0, 1]", self.min_visible)


@dataclass(frozen=True, eq=False)
class GroundTruth:
    """What is truly in an image.

    :param mask: (height, width) uint8 class ids.
    :param detections: things that obey a :class:`BoxRule`, with scores of 1.
    """

    mask: npt.NDArray[np.uint8]
    detections: Detections


def ground_truth(
    instances: Instances, labels: npt.NDArray[np.uint8], whole: Boxes, things: int, rule: BoxRule
) -> GroundTruth:
    """Mask and boxes.

    :param instances: (height, width) number of the object at every pixel, 0 for none.
    :param labels: (n,) class id of every object, by its number; 0 for none.
    :param whole: (n, 4) box within the image of every object if nothing stood before it.
    :param things: classes 1 to ``things`` have boxes.
    """
    boxes, pixels = enclosing_boxes(instances, len(labels))
    sides = boxes[:, 2:] - boxes[:, :2]
    visible = _area(boxes) >= rule.min_visible * _area(whole)
    counted = (labels > 0) & (labels <= things) & visible
    counted &= (pixels >= rule.min_pixels) & (sides.min(axis=1) >= rule.min_side_px)
    found = labels[counted].astype(np.int64)
    return GroundTruth(labels[instances], Detections(boxes[counted], found, np.ones(len(found), np.float32)))


def enclosing_boxes(instances: Instances, count: int) -> tuple[Boxes, Instances]:
    """The tightest boxes around the pixels of each object.

    :param instances: (height, width) numbers of objects, each less than ``count``.
    :return: (count, 4) boxes, x_min, y_min, x_max, y_max in pixels (all 0 for an object that is not there), and
        (count,) numbers of pixels.
    """
    extents, pixels = np.zeros((count, 4), np.int64), np.zeros(count, np.int64)
    _extend(np.ascontiguousarray(instances), extents, pixels)
    return extents.astype(np.float32), pixels


@compiled
def _extend(instances: Instances, extents: Instances, pixels: Instances) -> None:  # pragma: no cover
    extents[:, 0], extents[:, 1] = instances.shape[1], instances.shape[0]
    for y in range(instances.shape[0]):
        for x in range(instances.shape[1]):
            one = instances[y, x]
            pixels[one] += 1
            extents[one, 0] = min(extents[one, 0], x)
            extents[one, 1] = min(extents[one, 1], y)
            extents[one, 2] = max(extents[one, 2], x + 1)
            extents[one, 3] = y + 1
    for one in range(len(pixels)):
        if pixels[one] == 0:
            extents[one] = 0


def _area(boxes: Boxes) -> npt.NDArray[np.float32]:
    return np.asarray((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]))
