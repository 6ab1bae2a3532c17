"""Collections of labelled samples of any kind: images, clips of joints, series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar


class Sourced(Protocol):
    """A sample that knows where it comes from, for messages: a file, or bag, topic and stamp."""

    @property
    def source(self) -> str:
        """The place."""


AnySample = TypeVar("AnySample", bound=Sourced)
AnySample_co = TypeVar("AnySample_co", bound=Sourced, covariant=True)


class Collection(Protocol[AnySample_co]):
    """Samples by number, decoded when asked for; safe to read from several threads.

    ``classes`` are the names of the class ids; none where nothing is classified. ``blocks`` tells for each sample what
    it belongs to: a stretch of a recording, a person. A split keeps blocks whole, so that neighbouring frames, or a
    person's clips, never straddle training and validation. Samples of a recording come in the order of time, blocks
    that touch have successive numbers, and others do not. ``version`` names the data's content, for checkpoints.
    """

    classes: tuple[str, ...]
    blocks: Sequence[int]
    version: str

    def __len__(self) -> int:
        """Number of samples."""

    def __getitem__(self, index: int) -> AnySample_co:
        """Decode one sample.

        :raises DataError: naming file and topic, if it cannot be decoded.
        """


AnyCollection = Collection[Any]
