"""One labelled clip of joints: what bags, files and generators of motion all become."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Clip:
    """An activity of one or more people, T frames, M people, J joints; arrays may be read-only.

    :param joints: (T, M, J, 3) float32: pixels with z = 0, or metres in a frame of REP-103.
    :param scores: (T, M, J) float32 in [0, 1]; 0 for a joint that was not seen and for people who are not there.
    :param stamps_s: (T,) float64 seconds, rising.
    :param label: class id of the activity, 0 or more.
    :param subject: who is seen, for leave-one-subject-out; -1 if that is not known.
    :param source: where it comes from, for messages: a file, or bag, topic and stamp.
    :param image_size: width and height in pixels of the image that the joints were found in; None for metres.
    """

    joints: npt.NDArray[np.float32]
    scores: npt.NDArray[np.float32]
    stamps_s: npt.NDArray[np.float64]
    label: int
    subject: int
    source: str
    image_size: tuple[int, int] | None = None
