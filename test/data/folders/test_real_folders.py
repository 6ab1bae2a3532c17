"""Real data sets, where they lie on this machine."""

import os
from pathlib import Path

import numpy as np
import pytest

from dl_robotics.data.config import DataConfig
from dl_robotics.data.open import open_data
from dl_robotics.data.split import folds

DATA = Path(os.environ.get("DL_ROBOTICS_DATA", Path(__file__).parents[3].parent / "shared" / "data"))
CAMVID = ["sky", "building", "pole", "road", "pavement", "tree", "sign", "fence", "car", "pedestrian", "bicyclist"]


def folder(name):
    if not (DATA / name).is_dir():
        pytest.skip(f"{DATA / name} is not there: set DL_ROBOTICS_DATA to the folder of real data")
    return str(DATA / name)


def test_raccoons():
    samples = open_data(DataConfig((folder("raccoon"),)))
    assert (len(samples), samples.classes) == (160, ("background", "raccoon"))
    counts = np.array([len(samples[index].boxes) for index in range(len(samples))])
    assert counts.min() >= 1 and counts.sum() == 170
    assert [len(part.validation) for part in folds(samples, 5)] == [32] * 5


@pytest.mark.parametrize(("subset", "count"), [("train", 367), ("val", 101)])
def test_camvid(subset, count):
    config = DataConfig((folder("camvid"),), subset=subset, classes=tuple(CAMVID), ignored_values=(11,))
    samples = open_data(config)
    assert len(samples) == count
    seen = set()
    for index in range(0, count, 10):
        seen |= set(np.unique(samples[index].mask).tolist())
    assert seen == {*range(11), 255}
