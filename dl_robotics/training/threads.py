"""Threads that compute while something trains."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numba
import torch
from threadpoolctl import threadpool_limits


@contextmanager
def compute_threads(count: int) -> Iterator[None]:
    """Let torch, NumPy's products and the simulator's loops compute with ``count`` threads; afterwards as before.

    They wait for their threads by spinning. On a machine with other work that is far slower than one thread.
    """
    before = torch.get_num_threads(), numba.get_num_threads()
    torch.set_num_threads(count)
    numba.set_num_threads(min(count, before[1]))
    try:
        with threadpool_limits(count, user_api="blas"):
            yield
    finally:
        torch.set_num_threads(before[0])
        numba.set_num_threads(before[1])
