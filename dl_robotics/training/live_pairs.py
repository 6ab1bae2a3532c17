"""Images and labels that come in one by one, in any order, paired by their stamps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

import numpy as np
from typing_extensions import NamedTuple

from dl_robotics.data.pairing import pair

Image = TypeVar("Image")
Labels = TypeVar("Labels")
Item = TypeVar("Item")

WAITING = 64  # items of either kind that may wait for their other half


class Pair(NamedTuple, Generic[Image, Labels]):
    """An image with its labels."""

    stamp_ns: int
    image: Image
    labels: Labels


class LivePairs(Generic[Image, Labels]):
    """Keeps what waits for its other half; ``unpaired`` counts what has waited in vain.

    :param tolerance_ns: largest difference of the stamps of a pair.
    """

    def __init__(self, tolerance_ns: int) -> None:
        self._tolerance_ns = tolerance_ns
        self._images: list[tuple[int, Image]] = []
        self._labels: list[tuple[int, Labels]] = []
        self.unpaired = 0

    def add_image(self, stamp_ns: int, image: Image) -> Iterator[Pair[Image, Labels]]:
        """Take an image; the pairs that it completes."""
        self._add(self._images, stamp_ns, image)
        return self._complete()

    def add_labels(self, stamp_ns: int, labels: Labels) -> Iterator[Pair[Image, Labels]]:
        """Take labels; the pairs that they complete."""
        self._add(self._labels, stamp_ns, labels)
        return self._complete()

    def _add(self, waiting: list[tuple[int, Item]], stamp_ns: int, item: Item) -> None:
        waiting.append((stamp_ns, item))
        if len(waiting) > WAITING:
            del waiting[0]
            self.unpaired += 1

    def _complete(self) -> Iterator[Pair[Image, Labels]]:
        """Every pair among what waits, in the order of the images."""
        image_stamps, label_stamps = (
            np.array([stamp_ns for stamp_ns, _ in waiting], np.int64) for waiting in (self._images, self._labels)
        )
        chosen = pair(image_stamps, label_stamps, self._tolerance_ns).tolist()
        pairs = [
            Pair(*self._images[number], self._labels[label][1]) for number, label in enumerate(chosen) if label >= 0
        ]
        self._images = [item for item, label in zip(self._images, chosen, strict=True) if label < 0]
        self._labels = [item for number, item in enumerate(self._labels) if number not in chosen]
        return iter(pairs)
