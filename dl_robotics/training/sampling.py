"""Which sample comes when, as a function of seed and position: nothing to remember, nothing to restore."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt


class Draw(NamedTuple):
    """A sample's number, and the key of the generator that augments it."""

    sample: int
    key: tuple[int, ...]

    @property
    def rng(self) -> np.random.Generator:
        """Fresh at every call, equal for equal keys."""
        return np.random.default_rng(self.key)


class Order(Protocol):
    """An endless row of samples; may be asked by several threads."""

    def __call__(self, position: int) -> Draw:
        """The draw at a position, counted from 0."""


class Shuffled:
    """Pass after pass over all samples, each in an order of its own."""

    def __init__(self, size: int, seed: int) -> None:
        self._size, self._seed = size, seed

    def __call__(self, position: int) -> Draw:
        """See :class:`Order`."""
        epoch, place = divmod(position, self._size)
        sample = int(_permutation(self._seed, epoch, self._size)[place])
        return Draw(sample, (self._seed, epoch, sample))


@lru_cache(maxsize=4)
def _permutation(seed: int, epoch: int, size: int) -> npt.NDArray[np.int64]:
    return np.random.default_rng((seed, epoch)).permutation(size)
