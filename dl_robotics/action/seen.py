"""What of a frame's skeletons counts as seen."""

from __future__ import annotations

import numpy as np

from dl_robotics.errors import UserError
from dl_robotics.ops.skeletons import Skeletons


class SkeletonError(UserError, ValueError):
    """Skeletons of another layout than the model's."""


def seen(skeletons: Skeletons, num_joints: int, min_score: float) -> Skeletons:
    """The people of whom anything was seen, their unsure joints as not seen.

    :param num_joints: of the layout; the last of them may be missing, since joints that were not seen need not come.
    :param min_score: that a joint needs to be sure.
    :raises SkeletonError: for more joints.
    """
    people, given = skeletons.scores.shape
    if given > num_joints:
        raise SkeletonError(f"skeletons: expected the {num_joints} joints of the model's layout, got {given}")
    joints, scores = np.zeros((people, num_joints, 3), np.float32), np.zeros((people, num_joints), np.float32)
    sure = skeletons.scores >= min_score
    joints[:, :given] = np.where(sure[..., None], skeletons.joints, 0.0)
    scores[:, :given] = np.where(sure, skeletons.scores, 0.0)
    present = scores.any(axis=1)
    return Skeletons(joints[present], scores[present], skeletons.persons[present])
