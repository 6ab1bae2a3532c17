"""Kinetics-skeleton's JSON files, made here."""

import json

import numpy as np
import pytest

from dl_robotics.data.clips.config import ClipsConfig
from dl_robotics.data.clips.open import open_clips
from dl_robotics.data.errors import DataError


def person(x, y, score):
    return {"pose": [x, y] * 18, "score": [score] * 18}


def clip(**changes):
    """Two people in the first frame, nobody in the second, one in the fourth."""
    frames = [
        {"frame_index": 1, "skeleton": [person(0.25, 0.5, 0.3), person(0.5, 0.25, 0.8)]},
        {"frame_index": 2, "skeleton": []},
        {"frame_index": 4, "skeleton": [person(0.75, 0.5, 0.6)]},
    ]
    return {"data": frames, "label": "juggling balls", "label_index": 160, **changes}


@pytest.fixture
def folder(tmp_path):
    for part in ("train", "val"):
        (tmp_path / f"kinetics_{part}").mkdir()
    (tmp_path / "kinetics_train/a.json").write_text(json.dumps(clip()))
    (tmp_path / "kinetics_train/b.json").write_text(json.dumps({"data": []}))
    (tmp_path / "kinetics_val/c.json").write_text(json.dumps(clip(label="abseiling", label_index=0)))
    labels = {
        "a": {"has_skeleton": True, "label": "juggling balls", "label_index": 160},
        "b": {"has_skeleton": False, "label": "yoga", "label_index": 399},
    }
    (tmp_path / "kinetics_train_label.json").write_text(json.dumps(labels))
    return tmp_path


def open_folder(folder, **settings):
    return open_clips(ClipsConfig(**{"layout": "openpose18", "paths": (str(folder),), "persons": 2, **settings}))


def test_frames_people_and_places(folder):
    clips = open_folder(folder)
    assert clips.classes == ("abseiling", "juggling balls")  # in the order of their numbers
    found = clips[0]
    assert (found.label, found.image_size, found.joints.shape) == (1, (340, 256), (4, 2, 18, 3))
    # The person with the higher score comes first, and moves most.
    np.testing.assert_allclose(found.joints[0, :, 0, :2], [[170.0, 64.0], [85.0, 128.0]])
    np.testing.assert_allclose(found.scores[:, 0, 0], [0.8, 0.0, 0.0, 0.6])
    np.testing.assert_allclose(found.scores[:, 1, 0], [0.3, 0.0, 0.0, 0.0])


def test_parts(folder):
    assert [len(open_folder(folder, subset=part)) for part in ("train", "val")] == [1, 1]
    assert len(open_folder(folder / "kinetics_val")) == 1
    with pytest.raises(DataError, match="subset: expected one of train, val, got 'test'"):
        open_folder(folder, subset="test")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "c.json: expected JSON"),
        ("[]", "c.json: expected an object, got list"),
        (json.dumps({"data": []}), "c.json: expected the keys 'label'"),
        (json.dumps(clip(data=[])), "c.json: data: expected frames"),
        (json.dumps(clip(data=[{"frame_index": 0, "skeleton": []}])), "expected 'frame_index', from 1"),
        (json.dumps(clip(data=[{"frame_index": 10**9, "skeleton": []}])), "expected 'frame_index', from 1"),
        (json.dumps(clip(data=[{"frame_index": 2, "skeleton": [{"pose": [1.0]}]}])), "frame 2: expected 'pose'"),
    ],
)
def test_damaged_files_are_refused_by_name(folder, content, told):
    (folder / "kinetics_val/c.json").write_text(content)
    with pytest.raises(DataError, match=told):
        open_folder(folder, subset="val")[0]
