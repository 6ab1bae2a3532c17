"""People's joints, as pose networks find them, depth cameras track them and motion generators make them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Skeletons:
    """The people of one frame, n of them with J joints each, in the order of a layout's table.

    :param joints: (n, J, 3) float32: pixels of an image with z = 0, or metres in a frame of REP-103.
    :param scores: (n, J) float32 in [0, 1]; 0 for a joint that was not seen, whose place counts for nothing.
    :param persons: (n,) int64 number of each person: of the track where people are tracked, else the place in the
        frame.
    """

    joints: npt.NDArray[np.float32]
    scores: npt.NDArray[np.float32]
    persons: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.joints)

    @classmethod
    def none(cls, num_joints: int) -> Skeletons:
        """Nobody."""
        return cls(
            np.zeros((0, num_joints, 3), np.float32), np.zeros((0, num_joints), np.float32), np.zeros(0, np.int64)
        )
