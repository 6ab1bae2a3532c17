"""Clips in .npz files."""

import numpy as np
import pytest

from dl_robotics.data.clips.config import ClipsConfig
from dl_robotics.data.clips.open import open_clips
from dl_robotics.data.errors import DataError
from dl_robotics.data.split import folds


def open_arrays(path, **settings):
    return open_clips(ClipsConfig(**{"layout": "kinect20", "paths": (str(path),), **settings}))


def saved(path, **arrays):
    """Three clips of 2, 3 and 1 frames, numbered in x."""
    joints = np.ones((6, 20, 3), np.float32)
    joints[:, :, 0] = np.arange(6)[:, None]
    plain = {"joints": joints, "lengths": [2, 3, 1], "labels": [1, 0, 1], "classes": ["sit", "walk"]}
    np.savez(path, **{name: value for name, value in {**plain, **arrays}.items() if value is not None})
    return path


def test_clips_that_lie_end_to_end(tmp_path):
    clips = open_arrays(saved(tmp_path / "a.npz", subjects=[7, 4, 7]))
    assert clips.classes == ("sit", "walk")
    assert [clips[n].label for n in range(3)] == [1, 0, 1]
    assert [clips[n].joints.shape for n in range(3)] == [(2, 1, 20, 3), (3, 1, 20, 3), (1, 1, 20, 3)]
    assert clips[1].joints[:, 0, 0, 0].tolist() == [2.0, 3.0, 4.0]
    assert clips[1].stamps_s.tolist() == pytest.approx([0.0, 1 / 30, 2 / 30])
    assert [clips[n].subject for n in range(3)] == [7, 4, 7]
    assert clips.blocks[0] == clips.blocks[2] != clips.blocks[1]


def test_leaving_out_a_subject(tmp_path):
    clips = open_arrays(saved(tmp_path / "a.npz", subjects=[7, 4, 7]))
    judged = [{part.validation[n].subject for n in range(len(part.validation))} for part in folds(clips, 2)]
    assert sorted(map(sorted, judged)) == [[4], [7]]


def test_subjects_of_several_files_are_the_same_people(tmp_path):
    paths = tuple(str(saved(tmp_path / name, subjects=[7, 4, 5])) for name in ("a.npz", "b.npz"))
    clips = open_arrays(tmp_path, paths=paths)
    assert len(clips) == 6
    assert clips.blocks[:3] == clips.blocks[3:]
    assert len(set(open_arrays(tmp_path, paths=paths, block="clip").blocks)) == 6


def test_axes_of_a_kinect_are_turned(tmp_path):
    joints = np.tile(np.array([0.1, 0.2, 3.0], np.float32), (6, 20, 1))  # left, up, forward
    clips = open_arrays(saved(tmp_path / "a.npz", joints=joints), axes="kinect")
    assert clips[0].joints[0, 0, 0].tolist() == pytest.approx([3.0, 0.1, 0.2])  # forward, left, up


def test_clips_of_equal_length_with_several_people(tmp_path):
    rng = np.random.default_rng(0)
    joints = np.ones((4, 5, 3, 20, 2), np.float32)
    joints[:, :, 2] += rng.normal(0.0, 2.0, (4, 5, 20, 2))  # person 2 moves most, then 1
    joints[:, :, 1] += rng.normal(0.0, 0.5, (4, 5, 20, 2))
    scores = np.full((4, 5, 3, 20), 0.5, np.float32)
    path = saved(
        tmp_path / "a.npz", joints=joints, scores=scores, lengths=None, labels=["b", "a", "b", "a"], classes=None
    )
    clips = open_arrays(path, persons=2)
    assert clips.classes == ("a", "b")
    np.testing.assert_array_equal(clips[3].joints[..., :2], joints[3][:, [2, 1]])
    assert not clips[3].joints[..., 2].any()
    assert set(clips[0].scores.ravel()) == {0.5}


def test_what_was_not_seen(tmp_path):
    joints = np.ones((6, 20, 3), np.float32)
    joints[0, 3], joints[1, 4] = np.nan, 0.0
    clip = open_arrays(saved(tmp_path / "a.npz", joints=joints))[0]
    assert clip.scores[:, 0].sum() == 38
    assert clip.scores[0, 0, 3] == clip.scores[1, 0, 4] == 0.0
    assert np.isfinite(clip.joints).all()


def test_names_and_dropped_classes(tmp_path):
    path = saved(tmp_path / "a.npz", classes=None)
    assert open_arrays(path).classes == ("0", "1")
    assert open_arrays(path, classes=("sit", "walk")).classes == ("sit", "walk")
    dropped = open_arrays(path, rename={"1": ""})
    assert (dropped.classes, len(dropped)) == (("0",), 1)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"joints": None}, "joints: expected an array of this name, got lengths"),
        ({"lengths": [2, 3]}, "lengths: expected > 0, 6 together"),
        ({"lengths": [2, 4, 0]}, "lengths: expected > 0, 6 together"),
        ({"labels": [1, 0]}, "labels: expected one for each of 3 clips"),
        ({"labels": [1, 0, 2]}, "labels: expected 0 to 1, of classes"),
        ({"subjects": [1]}, "subjects: expected one for each of 3 clips"),
        ({"scores": np.ones((6, 19))}, "scores: expected axes as joints has"),
        ({"image_size": [640]}, "image_size: expected width and height"),
        ({"joints": np.ones((6, 25, 3))}, "clip 0: joints: expected .* 20 of the layout kinect20"),
        ({"joints": np.ones((6, 0, 20, 3))}, "clip 0: joints: expected numbers"),
        ({"joints": np.full((6, 20, 3), 1e9)}, r"clip 0: joints: expected at most 1e\+06, got 1e\+09"),
        ({"stamps_s": np.zeros(6)}, "stamps_s: expected rising seconds in clip 0"),
    ],
)
def test_refused_by_name(tmp_path, changes, told):
    path = saved(tmp_path / "a.npz", **changes)
    with pytest.raises(DataError, match=f"a.npz.*{told}"):
        open_arrays(path)[0]


def test_other_files_are_refused(tmp_path):
    (tmp_path / "a.npz").write_bytes(b"PK\x03\x04 and then nothing")
    np.savez(tmp_path / "objects.npz", joints=np.array([{}], object), labels=[0])
    for name in ("a.npz", "objects.npz"):
        with pytest.raises(DataError, match=rf"{name}: expected an \.npz file of arrays"):
            open_arrays(tmp_path / name)
    with pytest.raises(DataError, match="nowhere: expected a file, folder or bag of clips, it does not exist"):
        open_arrays(tmp_path / "nowhere")
    with pytest.raises(DataError, match=r"expected arrays \(\.npz\), PYSKL's"):
        open_arrays(tmp_path)
