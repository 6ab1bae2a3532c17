"""COCO's JSON files."""

import copy
import json

import cv2
import numpy as np
import pytest

from dl_robotics.data.config import DataConfig
from dl_robotics.data.errors import DataError
from dl_robotics.data.open import open_data

IMAGE = np.arange(20 * 30 * 3, dtype=np.uint8).reshape(20, 30, 3)
CONTENT = {
    "images": [
        {"id": 42, "file_name": "b.png", "width": 30, "height": 20},
        {"id": 7, "file_name": "a.png", "width": 30, "height": 20},
    ],
    "annotations": [
        {"id": 1, "image_id": 7, "category_id": 90, "bbox": [2.5, 3, 10, 4.25], "iscrowd": 0},
        {"id": 2, "image_id": 7, "category_id": 18, "bbox": [0, 0, 30, 20]},
        {"id": 3, "image_id": 7, "category_id": 18, "bbox": [1, 1, 5, 5], "iscrowd": 1},
    ],
    "categories": [{"id": 90, "name": "brush"}, {"id": 18, "name": "dog"}],
}


def folder(tmp_path, content=CONTENT, images="val2017", name="instances_val2017.json"):
    (tmp_path / "annotations").mkdir(exist_ok=True)
    (tmp_path / images).mkdir(exist_ok=True)
    for file in ("a.png", "b.png"):
        cv2.imwrite(str(tmp_path / images / file), IMAGE)
    file = tmp_path / "annotations" / name
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def opened(path, **settings):
    return open_data(DataConfig((str(path),), **settings))


@pytest.mark.parametrize("images", ["val2017", "images", "images/val2017", "annotations", "."])
def test_a_worked_example(tmp_path, images):
    """Ids have gaps and any order; names go by their numbers; x, y, width, height become corners."""
    if "/" in images:
        (tmp_path / "images").mkdir()
    samples = opened(folder(tmp_path, images=images))
    assert samples.classes == ("background", "dog", "brush")
    assert samples[0].boxes.shape == (0, 4)
    assert samples[1].boxes.tolist() == [[2.5, 3, 12.5, 7.25], [0, 0, 30, 20]]
    assert samples[1].labels.tolist() == [2, 1]
    np.testing.assert_array_equal(samples[1].image, IMAGE[..., ::-1])
    assert samples.notes[0].startswith("1 difficult objects or crowds left out")
    assert len(opened(folder(tmp_path, images=images), difficult=True)[1].boxes) == 3


def test_a_folder_with_several_files_needs_a_subset(tmp_path):
    folder(tmp_path)
    folder(tmp_path, name="instances_train2017.json")
    with pytest.raises(DataError, match=r"subset '': expected the name of one file .*_train2017.json, .*_val2017.json"):
        opened(tmp_path)
    assert len(opened(tmp_path, subset="val")) == 2


def changed(path, value):
    content = copy.deepcopy(CONTENT)
    inner = content
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return content


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("{", "not readable as JSON"),
        ("[]", "expected images, annotations and categories, got list"),
        (changed(["images"], None), "images: expected a list of objects, got NoneType"),
        (changed(["images"], []), "annotations: expected ids of images, got image_id 7"),
        (
            changed(["images", 0, "file_name"], "../c.png"),
            r"images\[0\]: file_name: expected an image, '../c.png' is in",
        ),
        (changed(["images", 0, "width"], "30"), r"images\[0\]: width: expected int, got '30'"),
        (changed(["annotations", 1, "bbox"], [1, 2, 3]), r"annotations\[1\]: bbox: expected x, y, width, height"),
        (changed(["annotations", 1, "bbox"], [1, 2, -3, 4]), r"annotations\[1\]: bbox: expected x, y, width, height"),
        (changed(["annotations", 1, "bbox"], [1, 2, "3", 4]), r"annotations\[1\]: bbox: expected x, y, width, height"),
        (
            changed(["annotations", 1, "category_id"], 3),
            r"annotations\[1\]: category_id: expected one of the categories",
        ),
        (changed(["annotations", 1, "bbox"], [1, 2, 40, 4]), r"a.png: box 1: expected a box within the image"),
        (changed(["annotations", 1, "bbox"], [1, 2, 0, 4]), r"a.png: box 1: expected a box with an area"),
    ],
)
def test_what_is_wrong_is_refused_by_place(tmp_path, content, error):
    with pytest.raises(DataError, match=f"instances_val2017.json: {error}"):
        opened(folder(tmp_path, content))


def test_labels_that_the_format_does_not_have_are_refused(tmp_path):
    with pytest.raises(DataError, match="labels: expected masks, which the format 'coco' does not have"):
        opened(folder(tmp_path), labels="masks")
