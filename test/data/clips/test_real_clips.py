"""UTKinect-Action3D, where it lies on this machine."""

import os
from pathlib import Path

import numpy as np
import pytest

from dl_robotics.data.clips.config import ClipsConfig
from dl_robotics.data.clips.open import open_clips
from dl_robotics.data.split import folds
from dl_robotics.ops.skeleton_layout import SkeletonLayout

DATA = Path(os.environ.get("DL_ROBOTICS_DATA", Path(__file__).parents[3].parent / "shared" / "data"))
FILE = DATA / "utkinect" / "utkinect.npz"


@pytest.mark.skipif(not FILE.exists(), reason=f"{FILE} is not there: set DL_ROBOTICS_DATA to the folder of real data")
def test_utkinect():
    clips = open_clips(ClipsConfig(layout="kinect20", paths=(str(FILE),), axes="kinect"))
    assert (len(clips), len(clips.classes)) == (199, 10)
    assert sorted(len(part.validation) for part in folds(clips, 10)) == [19] + [20] * 9
    heights = np.mean([clips[number].joints[:, 0].mean(0)[:, 2] for number in range(20)], axis=0)
    head, foot = map(SkeletonLayout.load("kinect20").index, ("head", "left_foot"))
    assert heights[head] - heights[foot] > 1.0  # z is up
