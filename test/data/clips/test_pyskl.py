"""PYSKL's annotation files, and pickles that are none."""

import os
import pickle

import numpy as np
import pytest

from dl_robotics.data.clips.config import ClipsConfig
from dl_robotics.data.clips.open import open_clips
from dl_robotics.data.errors import DataError

NAMES = ("S001C001P001R001A001", "S001C002P003R001A002", "a video")


def annotations():
    rng = np.random.default_rng(0)
    return [
        {
            "frame_dir": name,
            "label": number,
            "img_shape": (480, 640),
            "total_frames": 4 + number,
            "keypoint": rng.uniform(1, 400, (2, 4 + number, 17, 2)).astype(np.float16),
            "keypoint_score": np.full((2, 4 + number, 17), 0.75, np.float16),
        }
        for number, name in enumerate(NAMES)
    ]


def save(path, content, protocol=4):
    path.write_bytes(pickle.dumps(content, protocol))
    return path


def open_pickle(path, **settings):
    return open_clips(ClipsConfig(**{"layout": "coco17", "paths": (str(path),), "persons": 2, **settings}))


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_whole_file(tmp_path, protocol):
    made = annotations()
    clips = open_pickle(save(tmp_path / "a.pkl", {"split": {}, "annotations": made}, protocol))
    assert clips.classes == ("0", "1", "2")
    for number in range(3):
        clip = clips[number]
        assert (clip.label, clip.image_size, clip.joints.shape) == (number, (640, 480), (4 + number, 2, 17, 3))
        assert set(clip.scores.ravel()) == {0.75}
        assert sorted(clip.joints[0, :, 0, 0]) == sorted(made[number]["keypoint"][:, 0, 0, 0])
    assert [clips[number].subject for number in range(3)] == [1, 3, -1]


def test_splits_and_names(tmp_path):
    path = save(tmp_path / "a.pkl", {"split": {"train": list(NAMES[:2])}, "annotations": annotations()})
    clips = open_pickle(path, subset="train", classes=("drink", "eat", "sit"))
    assert (len(clips), clips.classes) == (2, ("drink", "eat", "sit"))
    with pytest.raises(DataError, match="subset: expected one of train, got 'val'"):
        open_pickle(path, subset="val")


def test_joints_in_metres(tmp_path):
    made = {"frame_dir": NAMES[0], "label": 0, "keypoint": np.full((1, 3, 17, 3), [0.1, 0.2, 3.0])}
    clip = open_pickle(save(tmp_path / "a.pkl", [made]), axes="kinect")[0]
    assert clip.image_size is None
    assert clip.joints[0, 0, 0].tolist() == pytest.approx([3.0, 0.1, 0.2])


class Evil:
    def __reduce__(self):
        return os.mkdir, ("pwned",)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ([Evil()], "got posix.mkdir, which is neither"),
        ([np.array([Evil()], object)], "got an array of objects|got posix.mkdir"),
        ({"annotations": 3}, "annotations: expected a list of dictionaries"),
        ([{"frame_dir": "a"}], "a: label: expected a number from 0, got None"),
        ([{"frame_dir": "a", "label": 0, "keypoint": [1]}], "a: keypoint: expected an array"),
        ([{"frame_dir": "a", "label": 0, "keypoint": np.zeros((1, 3, 18, 2))}], "a: joints: expected numbers .* 17"),
    ],
)
def test_refused_by_name(tmp_path, monkeypatch, content, told):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match=told):
        open_pickle(save(tmp_path / "a.pkl", content))[0]
    assert not (tmp_path / "pwned").exists()


def test_damaged_files_are_refused(tmp_path):
    whole = pickle.dumps(annotations())
    for size in range(0, len(whole), 97):
        (tmp_path / "a.pkl").write_bytes(whole[:size])
        with pytest.raises(DataError, match=r"a\.pkl: expected a pickle of plain data and arrays"):
            open_pickle(tmp_path / "a.pkl")
