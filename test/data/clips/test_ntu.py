"""NTU RGB+D's text files, made here."""

import numpy as np
import pytest

from dl_robotics.data.clips.config import ClipsConfig
from dl_robotics.data.clips.ntu_names import SUBSETS
from dl_robotics.data.clips.open import open_clips
from dl_robotics.data.errors import DataError


def joint(x, y, z, state=2):
    return f"{x} {y} {z} 1 2 3 4 0.5 0.5 0.5 0.5 {state}"


def body(number, rows):
    return [f"{number} 0 1 1 0 0 0 0.1 0.2 2", "25", *rows]


def write(folder, name, frames):
    """:param frames: of each, the lines of its bodies."""
    lines = [str(len(frames))]
    for bodies in frames:
        lines += [str(len(bodies)), *(line for one in bodies for line in one)]
    path = folder / f"{name}.skeleton"
    path.write_text("\n".join(lines) + "\n")
    return path


def two_people(folder, name="S001C001P002R001A007"):
    """Person 11 stands for two frames and leaves; 12 moves throughout, one joint inferred, one not seen."""
    still = [joint(0.1, 0.2, 3.0)] * 25
    moving = [
        [joint(1.0 + t, 0.0, 2.0, 1), joint(9.0, 9.0, 9.0, 0), *([joint(1.0 + t, 1.0, 2.0)] * 23)] for t in range(3)
    ]
    frames = [[body(11, still), body(12, moving[0])], [body(12, moving[1]), body(11, still)], [body(12, moving[2])]]
    return write(folder, name, frames)


def open_folder(folder, **settings):
    return open_clips(ClipsConfig(**{"layout": "kinect_v2_25", "paths": (str(folder),), "persons": 2, **settings}))


def test_people_keep_their_place(tmp_path):
    two_people(tmp_path)
    clips = open_folder(tmp_path)
    clip = clips[0]
    assert (clips.classes, clip.subject, clip.joints.shape) == (("A007",), 2, (3, 2, 25, 3))
    # The one who moves comes first; x left, y up, z forward have become x forward, y left, z up.
    np.testing.assert_allclose(clip.joints[:, 0, 2], [[2.0, 1.0 + t, 1.0] for t in range(3)])
    np.testing.assert_allclose(clip.joints[0, 1, 0], [3.0, 0.1, 0.2], rtol=1e-6)
    assert clip.scores[:, 0, :3].tolist() == [[0.5, 0.0, 1.0]] * 3
    assert clip.scores[:, 1, 0].tolist() == [1.0, 1.0, 0.0]


def subjects_of(clips):
    return sorted(clips[number].subject for number in range(len(clips)))


def test_official_splits(tmp_path):
    for name in ("S001C001P001R001A001", "S002C002P003R001A002", "S002C003P001R001A001", "S001C003P103R001A061"):
        two_people(tmp_path, name)
    subjects = {subset: subjects_of(open_folder(tmp_path, subset=subset)) for subset in SUBSETS}
    assert subjects == {
        "xsub_train": [1, 1, 103],
        "xsub_val": [3],
        "xview_train": [1, 3, 103],
        "xview_val": [1],
        "xset_train": [1, 3],
        "xset_val": [1, 103],
    }
    with pytest.raises(DataError, match=r"subset: expected one of xsub_train, .*, got 'train'"):
        open_folder(tmp_path, subset="train")


def test_clips_without_people_are_left_out(tmp_path):
    two_people(tmp_path)
    write(tmp_path, "S001C001P001R001A002", [[], []])
    assert open_folder(tmp_path).classes == ("A007",)


@pytest.mark.parametrize(
    ("line", "text", "told"),
    [
        (0, "three", ":1: expected a number, got 'three'"),
        (2, "", ":3: expected the 10 numbers of a person, got ''"),
        (5, "1 2 3", ":6: expected the 12 numbers of a joint, the last of them 0, 1 or 2, got '1 2 3'"),
        (5, "a b c 1 2 3 4 0.5 0.5 0.5 0.5 2", ":6: expected the 12 numbers"),
        (5, joint(1, 2, 3, 7), ":6: expected the 12 numbers"),
        (0, "9", "expected a number, got the end of the file"),
        (3, "24", "expected the 10 numbers of a person|expected a number"),
    ],
)
def test_damaged_files_are_refused_by_line(tmp_path, line, text, told):
    path = two_people(tmp_path)
    lines = path.read_text().splitlines()
    lines[line] = text
    path.write_text("\n".join(lines))
    with pytest.raises(DataError, match=told):
        open_folder(tmp_path)[0]


def test_other_names_and_layouts_are_refused(tmp_path):
    two_people(tmp_path)
    with pytest.raises(DataError, match="frame 0: expected 17 joints of the layout coco17, got 25"):
        open_folder(tmp_path, layout="coco17")[0]
    two_people(tmp_path, "someone")
    with pytest.raises(DataError, match=r"someone.skeleton: expected a name like"):
        open_folder(tmp_path)
