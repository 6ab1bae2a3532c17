"""Collections made of others: a part of one, several joined."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Generic

from dl_robotics.data.collection import AnyCollection, AnySample, Collection
from dl_robotics.data.errors import DataError


class Subset(Generic[AnySample]):
    """Some samples of a collection, in a given order.

    :param indices: their numbers in it.
    """

    def __init__(self, whole: Collection[AnySample], indices: Sequence[int]) -> None:
        self.classes = whole.classes
        self.blocks: Sequence[int] = [whole.blocks[index] for index in indices]
        self.version = digest(whole.version, *map(str, indices))
        self._whole, self._indices = whole, list(indices)

    def __len__(self) -> int:
        return len(self._indices)

    def __getitem__(self, index: int) -> AnySample:
        """Decode one sample; errors as the whole collection's."""
        return self._whole[self._indices[index]]


class Joined(Generic[AnySample]):
    """Several collections with the same classes, one after another.

    :raises DataError: if their classes differ.
    """

    def __init__(self, parts: Sequence[Collection[AnySample]]) -> None:
        self.classes = parts[0].classes
        for number, part in enumerate(parts):
            if part.classes != self.classes:
                first, other = ", ".join(self.classes), ", ".join(part.classes)
                raise DataError(f"source {number}: expected the classes of the first source, {first}; got {other}")
        self.version = digest(*(part.version for part in parts))
        self._parts = parts
        self._ends = list(accumulate(map(len, parts)))
        self.blocks: Sequence[int] = _numbered_apart(parts)

    def __len__(self) -> int:
        return self._ends[-1]

    def __getitem__(self, index: int) -> AnySample:
        """Decode one sample; errors as its own collection's."""
        if not 0 <= index < len(self):
            raise IndexError(index)
        part = bisect_right(self._ends, index)
        return self._parts[part][index - (self._ends[part - 1] if part else 0)]


def digest(*texts: str | bytes) -> str:
    """A short name for content: equal for equal texts in equal order."""
    hashed = hashlib.sha256()
    for text in texts:
        data = text.encode() if isinstance(text, str) else text
        hashed.update(len(data).to_bytes(8, "little") + data)
    return hashed.hexdigest()[:16]


def _numbered_apart(parts: Sequence[AnyCollection]) -> list[int]:
    """Blocks of all parts, with a gap between parts: their ends do not touch."""
    blocks: list[int] = []
    for part in parts:
        offset = max(blocks) + 2 if blocks else 0
        blocks += [offset + block for block in part.blocks]
    return blocks
