"""From one format to another and back: boxes and masks stay exactly as they are, images but for JPEG's loss."""

import dataclasses

import numpy as np
import pytest
from drawn import CLASSES, Drawn, drawn

from dl_robotics.commands.__main__ import main
from dl_robotics.data.config import DataConfig
from dl_robotics.data.convert import FOLDERS
from dl_robotics.data.convert_bag import write_bag
from dl_robotics.data.errors import DataError
from dl_robotics.data.open import open_data

ODD = np.array([[0.1, 0.7, 63.3, 47.9], [1 / 3, 2 / 3, 20.1, 30.7]], np.float32)


def opened(path, **settings):
    return open_data(DataConfig((str(path),), **settings))


def labelled():
    """Five images; the boxes of the last are no whole numbers."""
    samples = drawn(5).samples
    return Drawn([*samples[:4], dataclasses.replace(samples[4], boxes=ODD[:1], labels=np.array([2]))])


def assert_same(actual, expected, names, tolerance):
    assert (len(actual), actual.classes) == (len(expected), CLASSES)
    for index in range(len(expected)):
        image, other = actual[index].image.astype(int), expected[index].image
        assert np.abs(image - other).mean() <= tolerance
        for name in names:
            np.testing.assert_array_equal(getattr(actual[index], name), getattr(expected[index], name), strict=True)


@pytest.mark.parametrize("picture", ["png", "jpeg"])
@pytest.mark.parametrize(
    ("form", "names"), [("voc", ("boxes", "labels")), ("coco", ("boxes", "labels")), ("masks", ("mask",))]
)
def test_folders(tmp_path, form, names, picture):
    FOLDERS[form](labelled(), tmp_path / "folder", picture)
    samples = opened(tmp_path / "folder")
    assert_same(samples, labelled(), names, 4 if picture == "jpeg" else 0)
    assert samples.notes == ()


@pytest.mark.parametrize(("codec", "tolerance"), [("raw", 0), ("png", 0), ("jpeg", 4)])
@pytest.mark.parametrize("storage", ["mcap", "sqlite3"])
def test_bags(five, tmp_path, codec, tolerance, storage):
    write_bag(five, tmp_path / "bag", codec, storage)
    assert_same(opened(tmp_path / "bag"), five, ("boxes", "labels", "mask"), tolerance)


def test_round_by_the_command(five, tmp_path, capsys):
    """Bag to VOC to COCO to bag."""
    write_bag(five, tmp_path / "bag")
    source = tmp_path / "bag"
    for form in ("voc", "coco", "bag"):
        target = tmp_path / f"to_{form}"
        assert main(["convert", str(source), "--to", form, "--output", str(target)]) == 0
        source = target
    assert_same(opened(source), five, ("boxes", "labels"), 0)
    assert "5 images of background, cup, plate" in capsys.readouterr().out


def test_settings_come_from_a_file_and_the_command_line(five, tmp_path, capsys):
    write_bag(five, tmp_path / "bag")
    (tmp_path / "data.yaml").write_text(f"paths: [{tmp_path / 'bag'}]\nrename: {{plate: cup}}\n")
    convert = ["convert", "--data", str(tmp_path / "data.yaml"), "--to", "masks", "--output", str(tmp_path / "masks")]
    assert main([*convert, "--set", "labels=masks"]) == 0
    assert opened(tmp_path / "masks").classes == ("background", "cup")
    assert main([*convert, "--image", "raw"]) == 2
    assert main(convert) == 2
    errors = capsys.readouterr().err
    assert "--image: expected png or jpeg in a folder" in errors
    assert "expected the name of a new folder, it exists" in errors


@pytest.mark.parametrize(("form", "missing"), [("voc", "boxes"), ("coco", "boxes"), ("masks", "mask")])
def test_labels_that_are_not_there_are_refused(five, tmp_path, form, missing):
    bare = Drawn([dataclasses.replace(five[0], **{missing: None})])
    with pytest.raises(DataError, match=f"^drawn 0: expected {'a mask' if missing == 'mask' else 'boxes'}, its"):
        FOLDERS[form](bare, tmp_path / "folder", "png")
