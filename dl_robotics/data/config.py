"""Which data to learn from, and how to read and to split them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from dl_robotics.config import require

Format: TypeAlias = Literal["auto", "bag", "voc", "coco", "masks"]
Policy: TypeAlias = Literal["refuse", "clip"]
Labels: TypeAlias = Literal["any", "boxes", "masks"]


@dataclass(frozen=True)
class TopicsConfig:
    """Topics of a bag. An empty name takes the bag's only topic of the type.

    :param image: ``sensor_msgs/Image`` or ``CompressedImage``.
    :param boxes: ``vision_msgs/Detection2DArray``.
    :param mask: ``sensor_msgs/Image`` (mono8) or ``CompressedImage`` (PNG), a class id in each pixel. Where several
        topics hold images, class names are there and one topic alone is mono8, that is the mask.
    :param label_info: ``vision_msgs/LabelInfo``, the class names.
    """

    image: str = ""
    boxes: str = ""
    mask: str = ""
    label_info: str = ""


@dataclass(frozen=True)
class DataConfig:
    """Labelled data: bags and folders, joined in the order of their paths.

    :param paths: bags and folders; a COCO data set is named by its JSON file. ``~`` is the home folder.
    :param format: ``auto`` looks at each path.
    :param subset: part of a folder, as its makers name it: ``train``, ``val``, ...
    :param topics: of bags.
    :param labels: which ones are read; any are all that there are.
    :param tolerance_s: by how much the stamps of an image and its labels may differ.
    :param classes: names by class id, with the background first where boxes are labelled. Empty: as the data name them.
    :param rename: another name for a class of the data. Names that become equal merge; an empty one drops the class:
        its boxes are left out, its pixels ignored.
    :param unknown_classes: what happens to classes that ``classes`` does not name: refused by name, or dropped.
    :param ignored_values: pixel values of masks that count neither in losses nor in metrics; 255 always is one.
    :param boxes: what happens to boxes that leave the image by more than a pixel and to boxes without area:
        the data are refused, or the boxes clipped, and left out where nothing remains.
    :param difficult: whether boxes that are marked as difficult (VOC) or as crowds (COCO) are used.
    :param readable_part: use what can be read of damaged bags instead of refusing them.
    :param block_s: length of the stretches of a bag that a split keeps whole.
    """

    paths: tuple[str, ...]
    format: Format = "auto"
    subset: str = ""
    topics: TopicsConfig = field(default_factory=TopicsConfig)
    labels: Labels = "any"
    tolerance_s: float = 0.02
    classes: tuple[str, ...] = ()
    rename: Mapping[str, str] = field(default_factory=dict)
    unknown_classes: Literal["refuse", "drop"] = "refuse"
    ignored_values: tuple[int, ...] = ()
    boxes: Policy = "refuse"
    difficult: bool = False
    readable_part: bool = False
    block_s: float = 5.0

    def __post_init__(self) -> None:
        require(len(self.paths) > 0, "paths", "at least one bag or folder", self.paths)
        require(0.0 <= self.tolerance_s < 10.0, "tolerance_s", "within [0, 10) s", self.tolerance_s)
        require(len(set(self.classes)) == len(self.classes), "classes", "each name once", self.classes)
        require(len(self.classes) <= 255, "classes", "at most 255 names", len(self.classes))
        require("" not in self.classes, "classes", "names that are not empty", self.classes)
        require(all(0 <= v <= 255 for v in self.ignored_values), "ignored_values", "0 to 255", self.ignored_values)
        require(self.block_s > 0.0, "block_s", "> 0 s", self.block_s)


@dataclass(frozen=True)
class SplitConfig:
    """How validation data are set apart.

    :param validation: share of the samples, in (0, 1).
    :param by: what stays whole: stretches of ``block_s`` seconds, or recordings.
    :param guard: frames left out of the training data on either side of a stretch that validates, so that neighbouring
        frames never straddle.
    """

    validation: float = 0.2
    by: Literal["block", "recording"] = "block"
    guard: int = 3
    seed: int = 0

    def __post_init__(self) -> None:
        require(0.0 < self.validation < 1.0, "validation", "within (0, 1)", self.validation)
        require(self.guard >= 0, "guard", ">= 0 frames", self.guard)
