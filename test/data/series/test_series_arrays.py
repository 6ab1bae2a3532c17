"""Series in files: NumPy's and the UEA archive's, whole and broken."""

import numpy as np
import pytest

from dl_robotics.data.errors import DataError
from dl_robotics.data.series.config import SeriesConfig
from dl_robotics.data.series.open import open_series

SERIES = np.arange(24, dtype=np.float32).reshape(3, 4, 2)
TS = """# a comment
@problemName Tiny
@timeStamps false
@dimensions 2
@classLabel true walk run
@data
1,2,3:10,20,30:walk
4,?,6:40,50,60:run
"""


@pytest.fixture
def save(tmp_path):
    def save_(**arrays):
        np.savez(tmp_path / "data.npz", **{"series": SERIES, **arrays})
        return tmp_path / "data.npz"

    return save_


def opened(path, **told):
    return open_series(SeriesConfig(paths=(str(path),), **told))


def test_labelled_clips(save):
    data = opened(save(labels=["run", "walk", "run"], train_size=2), rate_hz=5.0)
    assert data.classes == ("run", "walk")
    assert [data[n].label for n in range(len(data))] == [0, 1, 0]
    np.testing.assert_array_equal(data[1].values, SERIES[1])
    assert data[0].signals == (("channel_0", "channel_1"), (), 5.0)
    assert data[0].source.endswith("data.npz: series[0]")
    assert len(set(data.blocks)) == 3


def test_the_official_split(save):
    path = save(labels=["run", "walk", "run"], train_size=2)
    train, test = opened(path, subset="train"), opened(path, subset="test", classes=("run", "walk"))
    assert (len(train), len(test)) == (2, 1)
    np.testing.assert_array_equal(test[0].values, SERIES[2])
    assert train.version != test.version


def test_clips_of_several_lengths_subjects_and_numbered_classes(save):
    path = save(
        series=np.arange(10.0).reshape(5, 2), lengths=[2, 3], labels=[1, 0], classes=["sit", "stand"],
        subjects=["anna", "anna"], channels=["x", "y"],
    )  # fmt: skip
    data = opened(path)
    assert [len(data[n].values) for n in range(2)] == [2, 3]
    assert [data.classes[data[n].label] for n in range(2)] == ["stand", "sit"]
    assert data.blocks == [0, 0]
    assert data[0].signals.channels == ("x", "y")


def test_clips_are_cut_into_windows(save):
    data = opened(save(labels=["a", "b", "a"]), window=2, hop=1)
    assert len(data) == 9
    np.testing.assert_array_equal(data[4].values, SERIES[1, 1:3])
    assert data[4].source.endswith("series[1][1:3]")


def test_without_labels_nothing_is_classified(save):
    data = opened(save())
    assert data.classes == ()
    assert [data[n].label for n in range(3)] == [-1, -1, -1]


def test_classes_are_renamed_merged_and_dropped(save):
    path = save(labels=["a", "b", "c"])
    data = opened(path, rename={"b": "a", "c": ""})
    assert (data.classes, len(data)) == (("a",), 2)
    with pytest.raises(DataError, match="expected one of the classes a, b; got 'c'"):
        opened(path, classes=("a", "b"))
    assert len(opened(path, classes=("a", "b"), unknown_classes="drop")) == 2


def test_missing_numbers_lie_between_their_neighbours(save):
    series = SERIES.copy()
    series[0, 1, 0] = np.nan
    series[0, 0, 1] = np.inf
    data = opened(save(series=series))
    assert data[0].values[1, 0] == 2.0
    assert data[0].values[0, 1] == series[0, 1, 1]


@pytest.mark.parametrize(
    ("arrays", "told", "expected"),
    [
        ({"series": SERIES[0]}, {}, "series: expected 3 axes"),
        ({"series": np.array(["a"])}, {}, "series: expected numbers"),
        ({"series": np.full((1, 3, 1), np.nan)}, {}, "expected a finite number in column 0"),
        ({"labels": ["a"]}, {}, "labels: expected one for each of 3 series"),
        ({"series": SERIES[0], "lengths": [2, 3]}, {}, "lengths: expected"),
        ({"labels": [0, 1, 2], "classes": ["a", "b"]}, {}, "labels: expected 0 to 1"),
        ({"channels": ["x"]}, {}, "channels: expected 2 names"),
        ({}, {"subset": "train"}, "train_size: expected"),
        ({"train_size": 3}, {"subset": "train"}, "train_size: expected 1 to 2"),
        ({"labels": np.array([None, 1, 2], object)}, {}, "expected an .npz file of arrays of numbers and words"),
    ],
)
def test_what_does_not_fit_is_named(save, arrays, told, expected):
    with pytest.raises(DataError, match=f"data.npz.*{expected}"):
        opened(save(**arrays), **told)


def test_ts_files(tmp_path):
    path = tmp_path / "Tiny_TRAIN.ts"
    path.write_text(TS)
    data = opened(path)
    assert data.classes == ("run", "walk")
    np.testing.assert_array_equal(data[1].values, [[4, 40], [5, 50], [6, 60]])  # the missing number is filled in
    assert data[1].label == 0
    assert data[1].source.endswith("line 8")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,2:run", "line 1: expected @data"),
        ("@data\n1,x:2,3", "line 2: expected numbers"),
        ("@data\n1,2:3", r"line 2: expected channels of one length, got \[1, 2\]"),
        ("@data\n1,2\n1,2:3,4", "line 3: expected 1 channels as in the first line, got 2"),
        ("@data", "expected lines of numbers after @data"),
        ("@timeStamps true", "without time stamps"),
    ],
)
def test_broken_ts_files_are_refused_by_line(tmp_path, text, expected):
    path = tmp_path / "broken.ts"
    path.write_text(text)
    with pytest.raises(DataError, match=expected):
        opened(path)


def test_files_are_joined_if_their_channels_are_the_same(save, tmp_path):
    path = save(labels=["run", "walk", "run"])
    other = tmp_path / "other.ts"
    other.write_text(TS)
    data = open_series(SeriesConfig(paths=(str(path), str(other))))
    assert (len(data), data.classes) == (5, ("run", "walk"))
    other.write_text("@data\n1,2")
    with pytest.raises(DataError, match=r"other.ts: expected the channels of .*data.npz"):
        open_series(SeriesConfig(paths=(str(path), str(other))))


def test_what_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match=r"nothing.npz: expected .* it does not exist"):
        opened(tmp_path / "nothing.npz")
    (tmp_path / "broken.npz").write_bytes(b"PK\x03\x04 not a zip")
    with pytest.raises(DataError, match=r"expected an \.npz file"):
        opened(tmp_path / "broken.npz")
