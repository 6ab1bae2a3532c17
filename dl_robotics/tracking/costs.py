"""How alike two people are by their joints."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dl_robotics.tracking.kalman import Array

USUAL_SIGMA = 0.07  # of joints whose sigma nobody has measured: the mean of COCO's is 0.067
AREA_SHARE = 0.2  # of the square on a person's greatest extent, that the person covers: COCO's masks, standing
LEAST_EXTENT = 1e-3


def pairwise_oks(expected: Array, observed: Array, extents: Array, sigmas: Array) -> npt.NDArray[np.float64]:
    """(n, m) object keypoint similarity: the mean of exp(-d^2 / (2 s^2 k^2)) over the joints that are known in both.

    Lin et al., "COCO keypoint evaluation": d is a joint's distance, k twice its sigma, s the square root of the
    person's area, here of a fixed share of the square on the person's extent.

    :param expected: (n, J, 3) joints, nan where unknown.
    :param observed: (m, J, 3), the same.
    :param extents: (n,) the greatest extents of the expected people, in the joints' unit.
    :param sigmas: (J,) how far apart two observers place a joint, as a share of s; (1,) the same for all.
    """
    squares = ((expected[:, None] - observed[None]) ** 2).sum(axis=-1)  # (n, m, J)
    areas = AREA_SHARE * np.maximum(extents, LEAST_EXTENT)[:, None, None] ** 2
    alike = np.exp(-squares / (2.0 * areas * (2.0 * sigmas) ** 2))
    known = ~np.isnan(alike)
    return np.asarray(np.where(known, alike, 0.0).sum(axis=-1) / np.maximum(known.sum(axis=-1), 1))


def extents(joints: Array) -> Array:
    """(n,) the longest side of the upright box about each person's known joints; 0 where none is known.

    :param joints: (n, J, 3), nan where unknown.
    """
    low = np.where(np.isnan(joints), np.inf, joints).min(axis=1, initial=np.inf)
    high = np.where(np.isnan(joints), -np.inf, joints).max(axis=1, initial=-np.inf)
    return np.asarray(np.maximum((high - low).max(axis=-1), 0.0))
