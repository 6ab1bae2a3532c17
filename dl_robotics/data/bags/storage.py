"""What all storage formats of bags have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, TypeAlias

Place: TypeAlias = tuple[int, ...]
Wanted: TypeAlias = Callable[[str], bool]  # whether messages of a type are looked for

HEAD_BYTES = 12  # of a message in CDR: enough for the stamp of its header


class Topic(NamedTuple):
    """A topic of a bag.

    :param definition: the type's text as the bag has it; empty where it has none.
    """

    name: str
    type: str
    messages: int
    definition: str = ""


class Entry(NamedTuple):
    """A message that has been found.

    :param head: its first ``HEAD_BYTES`` bytes.
    :param place: where its storage finds the rest.
    """

    received_ns: int
    head: bytes
    place: Place


class Damage(Exception):
    """A storage that cannot be read to its end; the message says where and why."""


class Storage(Protocol):
    """One file of a bag, safe to read from several threads.

    ``entries`` holds the messages of the wanted types by topic, ``damage`` why not all of them could be found.
    """

    path: Path
    entries: dict[str, list[Entry]]
    damage: str

    @property
    def topics(self) -> Sequence[Topic]:
        """All topics; a damaged file's as far as they are known."""

    def read(self, place: Place) -> bytes | memoryview:
        """A message in CDR.

        :raises Damage: if it cannot be read.
        """
