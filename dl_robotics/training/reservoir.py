"""A bounded memory of an endless row of samples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dl_robotics.data.sample import Sample
from dl_robotics.training.sampling import Draw


class Reservoir:
    """A uniform random choice of all samples that came (Vitter 1985, algorithm R), as labelled images.

    It never shrinks, so that a number below its length stays one; which sample that is changes while samples come in.

    :param capacity: samples kept at most.
    """

    def __init__(self, classes: tuple[str, ...], capacity: int, seed: int) -> None:
        self.classes, self.version = classes, "live"
        self._capacity, self._rng = capacity, np.random.default_rng(seed)
        self._samples: list[Sample] = []
        self._blocks: list[int] = []
        # One block: what is to be kept apart from these samples has been so before they came here.
        self.blocks: Sequence[int] = self._blocks
        self.seen = 0

    def __len__(self) -> int:
        return len(self._samples)

    def __getitem__(self, index: int) -> Sample:
        """One of the samples kept now."""
        return self._samples[index]

    def add(self, sample: Sample) -> None:
        """Take a sample: it is kept with the probability capacity / seen, in the place of another."""
        self.seen += 1
        if len(self._samples) < self._capacity:
            self._samples.append(sample)
            self._blocks.append(0)
            return
        place = int(self._rng.integers(self.seen))
        if place < self._capacity:
            self._samples[place] = sample


class FromReservoir:
    """Draws any sample that is kept at the time, each with equal probability."""

    def __init__(self, reservoir: Reservoir, seed: int) -> None:
        self._reservoir, self._seed = reservoir, seed

    def __call__(self, position: int) -> Draw:
        """See :class:`~dl_robotics.training.sampling.Order`."""
        key = (self._seed, position)
        return Draw(int(np.random.default_rng(key).integers(len(self._reservoir))), key)
