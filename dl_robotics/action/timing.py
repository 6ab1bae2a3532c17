"""How far blocks look in time when each has a stride."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from operator import mul


def dilations(strides: Sequence[int]) -> list[int]:
    """Frames between two neighbouring inputs of each block, and behind them those between the last one's outputs."""
    return list(accumulate(strides, mul, initial=1))


def field(strides: Sequence[int], kernel: int) -> int:
    """Frames that one output of the last block depends on, where convolutions are not padded."""
    return 1 + (kernel - 1) * sum(dilations(strides)[:-1])
