"""One labelled image, and collections of them: what bags, folders and the simulator all become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from dl_robotics.data.collection import Collection

IGNORED = 255  # in a mask: a pixel that counts neither in losses nor in metrics


@dataclass(frozen=True, eq=False)
class Sample:
    """An image with what is known of it; arrays may be read-only.

    :param image: (height, width, 3) uint8, red first.
    :param boxes: (n, 4) float32, x_min, y_min, x_max, y_max in pixels; None where boxes were not labelled.
    :param labels: (n,) int64 class ids of the boxes, 1 or more.
    :param mask: (height, width) uint8 class id of every pixel, or ``IGNORED``; None where pixels were not labelled.
    :param source: where it comes from, for messages: a file, or bag, topic and stamp.
    """

    image: npt.NDArray[np.uint8]
    boxes: npt.NDArray[np.float32] | None
    labels: npt.NDArray[np.int64] | None
    mask: npt.NDArray[np.uint8] | None
    source: str


# ``classes[0]`` is the background's where boxes are labelled.
LabelledImages: TypeAlias = Collection[Sample]
