"""What a reader of a format finds: clips by name, which are decoded when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from dl_robotics.data.clips.clip import Clip
from dl_robotics.data.clips.config import ClipsConfig


class Entry(NamedTuple):
    """A clip that has not been decoded.

    :param word: the data's own name of the activity.
    :param subject: who is seen; -1 if that is not known.
    :param read: decodes the clip, given the class id of the activity.
    """

    word: str
    subject: int
    read: Callable[[int], Clip]


class Found(NamedTuple):
    """What is at a path.

    :param words: names of the activities, in the order of the data's own ids.
    :param version: names the content.
    """

    words: Sequence[str]
    entries: Sequence[Entry]
    version: str


def numbered_words(config: ClipsConfig, count: int) -> list[str]:
    """Words for labels that are numbers: the names of the configuration, else the numbers themselves."""
    return list(config.classes) + [str(number) for number in range(len(config.classes), count)]
