"""Labels of a bag: class names, and the boxes of every image."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dl_robotics.data.bags.recording import Found, Recording
from dl_robotics.data.boxes import fit_boxes
from dl_robotics.data.classes import ClassIds, Naming
from dl_robotics.data.config import DataConfig
from dl_robotics.data.errors import DataError
from dl_robotics.data.notes import Notes
from dl_robotics.messages.detections import MarkedObjects, decode_objects
from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.label_info import decode_label_info


class Boxes(NamedTuple):
    """Boxes of one image and their class ids."""

    boxes: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]


def read_class_names(bag: Recording, topic: str) -> dict[int, str]:
    """Class names by their number in the bag; all messages of the topic must agree.

    :param topic: of type ``LabelInfo``, or empty: no names then.
    :raises DataError: naming the topic, for names that cannot be used.
    """
    names: dict[int, str] = {}
    for found in bag.messages(topic) if topic else ():
        try:
            said = dict(decode_label_info(bag.read(found, topic)).names)
        except MessageError as error:
            raise DataError(f"{found.storage.path}: {topic}: {error}") from error
        if names and said != names:
            raise DataError(
                f"{found.storage.path}: {topic}: expected the names of the first message, {names}; got {said}"
            )
        names = said
    return names


def read_objects(
    bag: Recording, topic: str, messages: Sequence[Found], notes: Notes, skip: bool
) -> list[MarkedObjects | None]:
    """The objects in each message; None for one that cannot be used, if such are to be skipped.

    :raises DataError: naming topic and field of a message that cannot be used.
    """
    objects: list[MarkedObjects | None] = []
    for found in messages:
        try:
            objects.append(decode_objects(bag.read(found, topic)))
        except (DataError, MessageError) as error:
            place = f"{found.storage.path}: {topic}"
            if not skip:
                raise DataError(f"{place}: message received at {found.entry.received_ns} ns: {error}") from error
            notes.add("messages of labels that cannot be used", f"{place}: {error}")
            objects.append(None)
    return objects


def spell_out(word: str, names: Mapping[int, str], config: Naming) -> str:
    """The name of a class that a message may give by its number."""
    if not word.isdecimal() or len(word) > 9:
        return word
    number = int(word)
    if names:
        return names.get(number, word)
    return config.classes[number] if number < len(config.classes) and word not in config.classes else word


def all_words(objects: Iterable[MarkedObjects | None], names: Mapping[int, str]) -> list[str]:
    """The classes of a bag in the order of their numbers; without names, every word that comes, numbers first."""
    if names:
        return [names[number] for number in sorted(names)]
    words = {word for one in objects if one for word in one.classes}
    return sorted(words, key=lambda word: (int(word) if word.isdecimal() else math.inf, word))


def to_boxes(
    objects: MarkedObjects,
    names: Mapping[int, str],
    classes: ClassIds,
    size: tuple[int, int],
    config: DataConfig,
    notes: Notes,
    place: str,
) -> Boxes:
    """Boxes with class ids; what is left out is noted.

    :param size: width and height of the image.
    :raises DataError: for unknown classes and, unless they are to be clipped, boxes that do not fit.
    """
    ids = [classes.find_object(spell_out(word, names, config), place) for word in objects.classes]
    known = np.array([number is not None for number in ids], np.bool_)
    notes.add("objects of dropped classes left out", place, int((~known).sum()))
    fitted = fit_boxes(objects.boxes[known], *size, config.boxes, place)
    notes.add("boxes clipped to their images", place, fitted.clipped)
    notes.add("boxes without area left out", place, int((~fitted.kept).sum()))
    # What reaches beyond is clipped when the image is there: another one may be larger than the first.
    labels = np.array([number for number in ids if number is not None], np.int64)
    return Boxes(objects.boxes[known][fitted.kept], labels[fitted.kept])
