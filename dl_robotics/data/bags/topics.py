"""Which topics of a bag hold images and their labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dl_robotics.data.bags.recording import Recording
from dl_robotics.data.config import DataConfig
from dl_robotics.data.errors import DataError

IMAGE, COMPRESSED_IMAGE = "sensor_msgs/msg/Image", "sensor_msgs/msg/CompressedImage"
BOXES, LABEL_INFO = "vision_msgs/msg/Detection2DArray", "vision_msgs/msg/LabelInfo"
IMAGES = (IMAGE, COMPRESSED_IMAGE)
WANTED = (*IMAGES, BOXES, LABEL_INFO)

_MASK_ENCODINGS = ("mono8", "8UC1")


class Topics(NamedTuple):
    """Topics by their use; empty where there is none."""

    image: str
    boxes: str
    mask: str
    label_info: str


def choose_topics(bag: Recording, config: DataConfig) -> Topics:
    """The topics that are named, and otherwise the bag's only ones.

    :raises DataError: naming the bag and its topics, where a topic is missing, there is a choice, or nothing is
        labelled.
    """
    asked = config.topics
    boxes = "" if config.labels == "masks" else choose_topic(bag, asked.boxes, "boxes", (BOXES,))
    label_info = choose_topic(bag, asked.label_info, "label_info", (LABEL_INFO,), near=boxes)
    mask = "" if config.labels == "boxes" else _mask(bag, asked.mask, asked.image, label_info)
    image = choose_topic(bag, asked.image, "image", IMAGES, other_than=mask or _mask(bag, "", "", label_info))
    if not image:
        raise DataError(f"{bag.path}: expected a topic of images, {' or '.join(IMAGES)}; got {bag.described()}")
    if not boxes and not mask:
        kinds = {"any": f"{BOXES} or a topic named in topics.mask", "boxes": BOXES, "masks": "one named in topics.mask"}
        raise DataError(
            f"{bag.path}: {image} is not labelled: expected a topic of labels, {kinds[config.labels]}; "
            f"got {bag.described()}"
        )
    return Topics(image, boxes, mask, label_info)


def choose_topic(
    bag: Recording, asked: str, use: str, types: Sequence[str], other_than: str = "", near: str = ""
) -> str:
    """The topic asked for or the only one of these types; of several the only one in the namespace of ``near``."""
    fitting = [t.name for t in bag.topics.values() if t.type in types and t.messages and t.name != other_than]
    if asked:
        if asked not in fitting:
            raise DataError(
                f"{bag.path}: topics.{use}: expected messages of {' or '.join(types)} on {asked}; got {bag.described()}"
            )
        return asked
    if len(fitting) > 1 and near:
        fitting = [name for name in fitting if _namespace(name) == _namespace(near)] or fitting
    if len(fitting) > 1:
        raise DataError(f"{bag.path}: topics.{use}: expected one of {', '.join(fitting)} to be named")
    return fitting[0] if fitting else ""


def _mask(bag: Recording, asked: str, image: str, label_info: str) -> str:
    if asked:
        return choose_topic(bag, asked, "mask", IMAGES)
    raw = [t for t in bag.topics.values() if t.type in IMAGES and t.messages]
    if len(raw) < 2 or not label_info:
        return ""
    masks = [t.name for t in raw if t.name != image and t.type == IMAGE and _is_mask(bag, t.name)]
    return masks[0] if len(masks) == 1 else ""


def _is_mask(bag: Recording, topic: str) -> bool:
    """Whether the first message could be a mask."""
    return any(bag.read(found, topic).encoding in _MASK_ENCODINGS for found in bag.messages(topic)[:1])


def _namespace(topic: str) -> str:
    return topic.rpartition("/")[0]
