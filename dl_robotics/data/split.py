"""Training and validation data, and k-fold cross-validation: blocks stay whole, neighbouring frames never straddle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic

import numpy as np
import numpy.typing as npt
from typing_extensions import NamedTuple

from dl_robotics.data.collection import AnySample, Collection
from dl_robotics.data.config import SplitConfig
from dl_robotics.data.errors import DataError
from dl_robotics.data.views import Subset

Blocks = npt.NDArray[np.int64]


class Split(NamedTuple, Generic[AnySample]):
    """Data to learn from and data to judge by."""

    training: Collection[AnySample]
    validation: Collection[AnySample]


def split(dataset: Collection[AnySample], config: SplitConfig) -> Split[AnySample]:
    """Set apart whole blocks, chosen at random, until their share of the samples is nearest to the one asked for.

    :raises DataError: if there are fewer than two blocks (or recordings), or nothing is left to learn from.
    """
    blocks = np.asarray(dataset.blocks, np.int64)
    units = _units(blocks, config.by)
    order = _shuffled(units, config.seed)
    if len(order) < 2:
        hint = "a smaller block_s" if config.by == "block" else "by: block"
        raise DataError(f"split: expected at least 2 {config.by}s, got {len(order)}; give more data or {hint}")
    sizes = np.cumsum([int((units == unit).sum()) for unit in order[:-1]])
    count = int(np.abs(sizes - config.validation * len(units)).argmin()) + 1
    return _split(dataset, np.isin(units, order[:count]), config.guard)


def folds(dataset: Collection[AnySample], k: int, seed: int = 0, guard: int = 0) -> list[Split[AnySample]]:
    """Cross-validation: each sample validates once.

    :param k: number of folds, 2 or more.
    :raises DataError: if there are fewer blocks than folds.
    """
    blocks = np.asarray(dataset.blocks, np.int64)
    order = _shuffled(blocks, seed)
    if not 2 <= k <= len(order):
        raise DataError(f"folds: expected 2 to {len(order)} folds, as there are {len(order)} blocks, got {k}")
    sizes = {int(block): int(count) for block, count in zip(*np.unique(blocks, return_counts=True), strict=True)}
    return [_split(dataset, np.isin(blocks, fold), guard) for fold in _balanced(order, sizes, k)]


def _units(blocks: Blocks, by: str) -> Blocks:
    """What stays whole: blocks, or the runs of successive blocks that recordings are."""
    if by == "block" or not len(blocks):
        return blocks
    numbers = np.unique(blocks)
    runs = np.cumsum(np.diff(numbers, prepend=numbers[0]) > 1)
    return np.asarray(runs[np.searchsorted(numbers, blocks)], np.int64)


def _shuffled(units: Blocks, seed: int) -> Blocks:
    return np.random.default_rng(seed).permutation(np.unique(units))


def _balanced(order: Iterable[Any], sizes: Mapping[int, int], k: int) -> list[list[int]]:
    """Blocks dealt to k folds, the largest first and each to the fold that has least."""
    dealt: list[list[int]] = [[] for _ in range(k)]
    for block in sorted(map(int, order), key=lambda block: -sizes[block]):
        min(dealt, key=lambda fold: sum(sizes[member] for member in fold)).append(block)
    return dealt


def _split(dataset: Collection[AnySample], validates: npt.NDArray[np.bool_], guard: int) -> Split[AnySample]:
    learns = ~validates & ~_near(np.asarray(dataset.blocks, np.int64), validates, guard)
    if not learns.any():
        raise DataError(f"split: no sample is left to learn from; give more data or a guard below {guard}")
    return Split(Subset(dataset, _numbers(learns)), Subset(dataset, _numbers(validates)))


def _near(blocks: Blocks, validates: npt.NDArray[np.bool_], guard: int) -> npt.NDArray[np.bool_]:
    """Samples within ``guard`` places of one that validates, in the same recording."""
    recordings = _units(blocks, "recording")
    near = np.zeros(len(blocks), np.bool_)
    for shift in range(1, guard + 1):
        together = recordings[shift:] == recordings[:-shift]
        near[shift:] |= together & validates[:-shift]
        near[:-shift] |= together & validates[shift:]
    return near


def _numbers(chosen: npt.NDArray[np.bool_]) -> Sequence[int]:
    numbers: list[int] = np.flatnonzero(chosen).tolist()
    return numbers
