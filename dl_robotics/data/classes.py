"""Class ids for the words that data use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

import numpy as np
import numpy.typing as npt

from dl_robotics.data.errors import DataError
from dl_robotics.data.sample import IGNORED
from dl_robotics.ops.detections import BACKGROUND


class Naming(Protocol):
    """Settings that name classes; see :class:`~dl_robotics.data.config.DataConfig`."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Names by class id; empty where the data name them."""

    @property
    def rename(self) -> Mapping[str, str]:
        """Other names for the data's words; an empty one drops the class."""

    @property
    def unknown_classes(self) -> str:
        """``refuse`` or ``drop``."""


class ClassIds:
    """The class names of a data set, and the id of every word in it.

    :param found: the data's own words in the order of their ids: the names, where the configuration has none.
    :param boxes: whether boxes are labelled: class 0 is the background then.
    :param where: the data, for messages.
    :raises DataError: if the names do not start with the background where they have to.
    """

    def __init__(self, config: Naming, found: Iterable[str], boxes: bool, where: object) -> None:
        self._rename, self._drops = config.rename, config.unknown_classes == "drop"
        self.names = config.classes or _names([self._renamed(word) for word in found], boxes)
        if boxes and self.names[0] != BACKGROUND:
            raise DataError(
                f"{where}: classes: expected {BACKGROUND!r} first where boxes are labelled, got {self.names}"
            )
        self._ids = {name: number for number, name in enumerate(self.names)}

    def find(self, word: str, place: str) -> int | None:
        """The id of a word; None where it is dropped.

        :param place: file or topic, for the error.
        :raises DataError: for a word that is no class.
        """
        name = self._renamed(word)
        if name in self._ids:
            return self._ids[name]
        if name == "" or self._drops:
            return None
        renamed = f" (renamed to {name!r})" if name != word else ""
        raise DataError(
            f"{place}: expected one of the classes {', '.join(self.names)}; got {word!r}{renamed}. "
            "Name it in classes, rename it, or set unknown_classes to drop"
        )

    def find_object(self, word: str, place: str) -> int | None:
        """The id of an object's class, which is not the background; as :meth:`find`."""
        class_id = self.find(word, place)
        if class_id == 0:
            raise DataError(f"{place}: expected the class of an object, got {word!r}, the background")
        return class_id

    def table(self, words: Mapping[int, str], ignored: Iterable[int], place: str) -> npt.NDArray[np.int16]:
        """(256,) the class id of every pixel value of a mask, ``IGNORED``, or -1 for a value that has no meaning.

        :param words: the data's class of a pixel value.
        :raises DataError: as :meth:`find`; for more classes than pixels can tell apart.
        """
        if len(self.names) > IGNORED:
            raise DataError(f"{place}: expected at most {IGNORED} classes, got {len(self.names)}")
        table = np.full(256, IGNORED if self._drops else -1, np.int16)
        skipped = {*ignored, IGNORED}
        for value, word in words.items():
            if value not in skipped:
                class_id = self.find(word, place)
                table[value] = IGNORED if class_id is None else class_id
        table[list(skipped)] = IGNORED
        return table

    def _renamed(self, word: str) -> str:
        return self._rename.get(word, word)


def _names(words: Iterable[str], boxes: bool) -> tuple[str, ...]:
    names = [name for name in dict.fromkeys(words) if name]
    if boxes:
        names = [BACKGROUND, *(name for name in names if name != BACKGROUND)]
    return tuple(names)
