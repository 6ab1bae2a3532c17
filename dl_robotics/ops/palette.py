"""Colours that tell class ids apart."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt


def colour_of(number: int) -> tuple[int, ...]:
    """The colour of a class id or a track, red first; the same one again after 255."""
    return tuple(palette()[number % 256].tolist())


@lru_cache
def palette(count: int = 256) -> npt.NDArray[np.uint8]:
    """(count, 3) colours, red first: those of PASCAL VOC's masks; 0 is black, and the same id always looks the same.

    The bits of the id, three at a time from the lowest, become the red, green and blue bits from the highest.

    :param count: at most 256.
    """
    ids = np.arange(count)
    colours = np.zeros((count, 3), np.uint8)
    for bit in range(8):
        for channel in range(3):
            colours[:, channel] |= ((ids >> (3 * bit + channel) & 1) << (7 - bit)).astype(np.uint8)
    colours.flags.writeable = False
    return colours
