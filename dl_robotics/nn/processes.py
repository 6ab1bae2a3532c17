"""What networks and losses have to know where several processes share every batch.

Process r of W holds the rows r B to (r + 1) B of the whole batch, and gradients are averaged over the processes. In one
process each of these functions gives back what it is given.
"""

from __future__ import annotations

import torch
from torch import distributed


def process_count() -> int:
    """W, the processes that share a batch."""
    return distributed.get_world_size() if distributed.is_initialized() else 1


def process_rank() -> int:
    """r, which of them this one is, counted from 0."""
    return distributed.get_rank() if distributed.is_initialized() else 0


def divisor(count: torch.Tensor, at_least: float) -> torch.Tensor:
    """What a loss is divided by that is a sum over some of the rows' parts, to be the mean over the whole batch.

    The whole batch's count over W: the average over the processes of each one's sum over it is the sum of all over the
    count of all, however unevenly the parts are spread.

    :param count: of the parts among this process's rows.
    :param at_least: of the whole batch's.
    """
    if process_count() == 1:
        return count.clamp(min=at_least)
    total = count.clone()
    distributed.all_reduce(total)
    return total.clamp(min=at_least) / process_count()


def gathered(rows: torch.Tensor) -> torch.Tensor:
    """(B, ...) of each process to (W B, ...) of all; gradients stop here."""
    if process_count() == 1:
        return rows
    parts = [torch.empty_like(rows, memory_format=torch.contiguous_format) for _ in range(process_count())]
    distributed.all_gather(parts, rows.detach().contiguous())
    return torch.cat(parts)


def own_rows(whole: torch.Tensor) -> torch.Tensor:
    """(W B, ...) of all, such as what is drawn for the whole batch, to this process's (B, ...)."""
    return whole.chunk(process_count())[process_rank()]
