"""One labelled image, and collections of them: what bags, folders and the simulator all become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

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


class LabelledImages(Protocol):
    """Labelled images by number, decoded when asked for; safe to read from several threads.

    ``classes`` are the names of the class ids, ``classes[0]`` the background's where boxes are labelled. ``blocks``
    tells for each sample which stretch of a recording it belongs to: a split keeps blocks whole, so that neighbouring
    frames never straddle training and validation. Samples of a recording come in the order of time, blocks that touch
    have successive numbers, and others do not. ``version`` names the data's content, for checkpoints.
    """

    classes: tuple[str, ...]
    blocks: Sequence[int]
    version: str

    def __len__(self) -> int:
        """Number of samples."""

    def __getitem__(self, index: int) -> Sample:
        """Decode one sample.

        :raises DataError: naming file and topic, if it cannot be decoded.
        """
