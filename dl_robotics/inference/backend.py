"""What runs a network: a callable from arrays to arrays."""

from __future__ import annotations

import os
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from dl_robotics.errors import UserError

Floats: TypeAlias = npt.NDArray[np.float32]
Outputs: TypeAlias = tuple[Floats, ...]

TOLERANCE = 1e-4  # accepted difference from torch, of an output's largest value


class BackendError(UserError):
    """A backend that cannot be had; the message names it and the reason."""


class ExportError(BackendError):
    """A network that cannot be exported, or whose export computes something else."""


class Backend(Protocol):
    """A network ready to run; ``name`` tells by what."""

    name: str

    def __call__(self, images: Floats) -> Outputs:
        """Run the network.

        :param images: (1, 3, height, width), normalised, contiguous, of the size that the network was prepared for.
        :returns: the network's outputs in its own order, valid until the next call.
        """


def default_threads() -> int:
    """Threads that a network computes with where nobody says otherwise: one for each core this process may use.

    Neither runtime keeps its threads spinning between two runs: that makes a network alone 15 % faster, and two
    networks that take turns in one process two times slower.
    """
    return len(os.sched_getaffinity(0))


def difference(expected: Outputs, found: Outputs) -> float:
    """The largest difference of two networks' outputs, each relative to the largest value expected of that output."""
    pairs = zip(expected, found, strict=True)
    tiny = np.finfo(np.float32).tiny
    return float(np.max([np.abs(a - b).max() / max(np.abs(a).max(), tiny) for a, b in pairs]))
