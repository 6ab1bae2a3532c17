"""One type of array for compiled code, whatever comes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def as_read_only(array: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The same numbers, contiguous and not to be written: so that compiled code is compiled once, for all backends."""
    view = np.ascontiguousarray(array, np.float32).view()
    view.flags.writeable = False
    return view
