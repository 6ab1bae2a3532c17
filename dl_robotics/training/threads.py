"""Threads that compute while something trains."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numba
import torch


@contextmanager
def compute_threads(count: int) -> Iterator[None]:
    """Let torch, and the compiled loops of the simulator, compute with ``count`` threads; afterwards as before.

    Both wait for their threads by spinning. On a machine with other work that is far slower than one thread.
    """
    before = torch.get_num_threads(), numba.get_num_threads()
    torch.set_num_threads(count)
    numba.set_num_threads(min(count, before[1]))
    try:
        yield
    finally:
        torch.set_num_threads(before[0])
        numba.set_num_threads(before[1])
