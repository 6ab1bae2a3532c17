"""Labelled images in a bag."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dl_robotics.data.bags.labels import Boxes, all_words, read_class_names, read_objects, to_boxes
from dl_robotics.data.bags.recording import Found, Recording
from dl_robotics.data.bags.topics import COMPRESSED_IMAGE, WANTED, Topics, choose_topics
from dl_robotics.data.boxes import fit_boxes
from dl_robotics.data.classes import ClassIds
from dl_robotics.data.config import DataConfig
from dl_robotics.data.errors import DataError
from dl_robotics.data.folders.images import look_up
from dl_robotics.data.notes import Notes
from dl_robotics.data.pairing import pair
from dl_robotics.data.sample import Sample
from dl_robotics.data.views import digest
from dl_robotics.messages.compressed_image import decode_compressed_image
from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.header import decode_serialised_stamp
from dl_robotics.messages.image import decode_image


class Frame(NamedTuple):
    """An image with its labels: boxes, a mask that is still in the bag, or both."""

    stamp_ns: int
    image: Found
    boxes: Boxes | None
    mask: Found | None


class BagImages:
    """Labelled images of a bag in the order of their stamps.

    :param table: (256,) class id of every pixel value of the masks, -1 for one without meaning.
    """

    def __init__(
        self,
        bag: Recording,
        topics: Topics,
        frames: Sequence[Frame],
        classes: tuple[str, ...],
        table: npt.NDArray[np.int16] | None,
        config: DataConfig,
        notes: tuple[str, ...] = (),
    ) -> None:
        self.classes, self.notes = classes, notes
        stamps = np.array([frame.stamp_ns for frame in frames], np.int64)
        self.blocks: Sequence[int] = ((stamps - stamps[0]) // round(config.block_s * 1e9)).tolist()
        contents = (frame.boxes.boxes.tobytes() + frame.boxes.labels.tobytes() for frame in frames if frame.boxes)
        self.version = digest(bag.path.name, *topics, *classes, stamps.tobytes(), *contents)
        self._bag, self._topics, self._frames, self._table, self._config = bag, topics, frames, table, config

    def __len__(self) -> int:
        return len(self._frames)

    def __getitem__(self, index: int) -> Sample:
        """Read and decode one image and its mask.

        :raises DataError: naming file and topic of what cannot be decoded, or does not fit.
        """
        frame = self._frames[index]
        place = f"{frame.image.storage.path}: {self._topics.image} at {frame.stamp_ns} ns"
        image = read_pixels(self._bag, frame.image, self._topics.image, "rgb8")
        height, width = image.shape[:2]
        boxes = labels = mask = None
        if frame.boxes is not None:
            fitted = fit_boxes(frame.boxes.boxes, width, height, self._config.boxes, place)
            boxes, labels = fitted.boxes, frame.boxes.labels[fitted.kept]
        if frame.mask is not None:
            mask = self._mask(frame.mask, image.shape[:2])
        return Sample(image, boxes, labels, mask, place)

    def _mask(self, found: Found, shape: tuple[int, ...]) -> npt.NDArray[np.uint8]:
        place = f"{found.storage.path}: {self._topics.mask}"
        values = read_pixels(self._bag, found, self._topics.mask, "passthrough")
        if values.dtype != np.uint8 or values.shape != shape:
            raise DataError(
                f"{place}: expected a class id of 8 bits for each pixel of the image, uint8 {shape}; "
                f"got {values.dtype} {values.shape}"
            )
        return look_up(values, self._table, place)


def open_bag(path: Path, config: DataConfig) -> BagImages:
    """Open a bag and pair its images with their labels.

    :raises DataError: naming file and topic, if it is damaged, not labelled, or holds labels that cannot be used.
    """
    bag, notes = Recording(path, WANTED, config.readable_part), Notes(path)
    for damage in bag.damages:
        notes.add("damages; only what can be read is used", damage)
    topics = choose_topics(bag, config)
    names = read_class_names(bag, topics.label_info)
    images, boxes, masks = _paired(bag, topics, config, notes)
    objects = read_objects(bag, topics.boxes, boxes, notes, config.readable_part) if topics.boxes else []
    classes = ClassIds(config, all_words(objects, names), bool(topics.boxes), path)
    table = _table(classes, names, config, f"{path}: {topics.mask}") if topics.mask else None
    size = read_pixels(bag, images[0][1], topics.image, "rgb8").shape[1::-1]
    frames = []
    for number, (stamp_ns, image) in enumerate(images):
        marked: Boxes | None = None
        if topics.boxes:
            found = objects[number]
            if found is None:
                continue
            place = f"{boxes[number].storage.path}: {topics.boxes} at {stamp_ns} ns"
            marked = to_boxes(found, names, classes, (size[0], size[1]), config, notes, place)
        frames.append(Frame(stamp_ns, image, marked, masks[number] if topics.mask else None))
    return BagImages(bag, topics, frames, classes.names, table, config, notes.tell())


def read_pixels(bag: Recording, found: Found, topic: str, encoding: str) -> npt.NDArray[Any]:
    """The pixels of an image message, raw or compressed.

    :raises DataError: naming file, topic and field of what cannot be decoded.
    """
    decode = decode_compressed_image if bag.topics[topic].type == COMPRESSED_IMAGE else decode_image
    try:
        return decode(bag.read(found, topic), encoding)
    except MessageError as error:
        place = f"{found.storage.path}: {topic}: message received at {found.entry.received_ns} ns"
        raise DataError(f"{place}: {error}") from error


def _paired(
    bag: Recording, topics: Topics, config: DataConfig, notes: Notes
) -> tuple[list[tuple[int, Found]], list[Found], list[Found]]:
    """Images with their stamps, and the boxes and masks of each, in the order of the stamps."""
    images, image_stamps = _stamped(bag, topics.image)
    used = np.ones(len(images), np.bool_)
    pairs = {}
    for topic in filter(None, (topics.boxes, topics.mask)):
        labels, stamps = _stamped(bag, topic)
        chosen = pair(image_stamps, stamps, round(config.tolerance_s * 1e9))
        if not (chosen >= 0).any():
            raise DataError(
                f"{bag.path}: {topic}: expected stamps within {config.tolerance_s:g} s of those of {topics.image}, "
                f"{image_stamps.min()} to {image_stamps.max()} ns; got {stamps.min()} to {stamps.max()} ns"
            )
        used &= chosen >= 0
        pairs[topic] = (labels, chosen)
    notes.add("images without labels left out", f"{bag.path}: {topics.image}", int((~used).sum()))
    order = [number for number in np.argsort(image_stamps, kind="stable").tolist() if used[number]]
    if not order:
        raise DataError(f"{bag.path}: {topics.image}: expected images with boxes and a mask, got none with both")
    boxes, masks = (
        [pairs[topic][0][pairs[topic][1][number]] for number in order] if topic in pairs else []
        for topic in (topics.boxes, topics.mask)
    )
    return [(int(image_stamps[number]), images[number]) for number in order], boxes, masks


def _stamped(bag: Recording, topic: str) -> tuple[list[Found], npt.NDArray[np.int64]]:
    """All messages of a topic, and the stamps in their headers."""
    messages = bag.messages(topic)
    stamps = np.zeros(len(messages), np.int64)
    for number, found in enumerate(messages):
        try:
            stamps[number] = decode_serialised_stamp(found.entry.head)
        except MessageError as error:
            place = f"{found.storage.path}: {topic}: message received at {found.entry.received_ns} ns"
            raise DataError(f"{place}: {error}") from error
    return messages, stamps


def _table(classes: ClassIds, names: dict[int, str], config: DataConfig, place: str) -> npt.NDArray[np.int16]:
    words = names or dict(enumerate(config.classes))
    if not words:
        raise DataError(f"{place}: expected the names of the masks' classes: a topic of LabelInfo, or names in classes")
    return classes.table({value: word for value, word in words.items() if value < 256}, config.ignored_values, place)
