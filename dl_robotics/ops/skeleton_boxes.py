"""Where people are: boxes around the joints that were seen."""

from __future__ import annotations

import numpy as np

from dl_robotics.ops.boxes import Boxes
from dl_robotics.ops.skeletons import Skeletons


def skeleton_boxes(skeletons: Skeletons, min_score: float = 0.0) -> Boxes:
    """(n, 4) boxes, in the joints' unit, of n people's joints; all zero for a person of whom nothing was seen.

    :param min_score: joints with a lower score, or none, do not count.
    """
    places = skeletons.joints[..., :2]
    seen = ((skeletons.scores > 0.0) & (skeletons.scores >= min_score))[..., None]
    lower = np.where(seen, places, np.inf).min(axis=1, initial=np.inf)
    upper = np.where(seen, places, -np.inf).max(axis=1, initial=-np.inf)
    return np.where(seen.any(axis=1), np.hstack([lower, upper]), 0.0).astype(np.float32)
