"""Numbers that are missing, and steps between stamped samples: linear interpolation, and where it is not allowed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dl_robotics.data.errors import DataError
from dl_robotics.data.series.series import Values

Times = npt.NDArray[np.float64]


def filled(values: Values, place: str) -> Values:
    """(T, C) with numbers in the place of what is not finite: between its neighbours, or that of the nearest.

    :raises DataError: naming the place, if a column has no number at all.
    """
    known = np.isfinite(values)
    if known.all():
        return values
    if not known.any(0).all():
        raise DataError(f"{place}: expected a finite number in column {int(known.any(0).argmin())}, got none")
    steps = np.arange(len(values), dtype=np.float64)
    columns = zip(values.T, known.T, strict=True)
    return np.stack([np.interp(steps, steps[ok], column[ok]) for column, ok in columns], 1).astype(np.float32)


def interpolated(stamps_s: Times, values: npt.NDArray[np.float64], at_s: Times) -> Values:
    """(m, C) values at other times, on the lines between stamped ones; the ends' beyond them.

    :param stamps_s: (n,) rising.
    :param values: (n, C).
    :param at_s: (m,).
    """
    return np.stack([np.interp(at_s, stamps_s, column) for column in values.T], 1).astype(np.float32)


def covered(stamps_s: Times, at_s: Times, max_gap_s: float) -> npt.NDArray[np.bool_]:
    """(m,) whether a time lies on a stamp, or between two that are at most ``max_gap_s`` apart.

    :param stamps_s: (n,) rising, one or more.
    """
    after = np.searchsorted(stamps_s, at_s, side="left")
    inside = after < len(stamps_s)
    later = stamps_s[np.minimum(after, len(stamps_s) - 1)]
    earlier = stamps_s[np.maximum(after - 1, 0)]
    between = (after > 0) & (later - earlier <= max_gap_s)
    known: npt.NDArray[np.bool_] = inside & ((later == at_s) | between)
    return known
