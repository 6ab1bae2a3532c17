"""Folders of images and masks."""

import cv2
import numpy as np
import pytest

from dl_robotics.data.config import DataConfig
from dl_robotics.data.errors import DataError
from dl_robotics.data.folders.cityscapes import TRAIN_IDS
from dl_robotics.data.open import open_data

IMAGE = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
MASK = np.array([[0, 0, 1, 1, 2, 11]] * 4, np.uint8)
NAMES = ("sky", "building", "pole")


def save(path, image):
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), image)


def opened(path, **settings):
    return open_data(DataConfig((str(path),), **settings))


@pytest.fixture
def camvid(tmp_path):
    for subset, names in {"train": ["0001_10", "0001_20", "0002_10"], "val": ["0003_10"]}.items():
        for name in names:
            save(tmp_path / subset / f"{name}.png", IMAGE)
            save(tmp_path / f"{subset}annot" / f"{name}.png", MASK)
    return tmp_path


@pytest.fixture
def cityscapes(tmp_path):
    """Frames of two drives through a city and of one through another; 7 is road, 4 is not judged."""
    for name in ("aachen_000000_000019", "aachen_000000_000020", "aachen_000001_000019", "bonn_000000_000019"):
        city = name.split("_")[0]
        save(tmp_path / "leftImg8bit" / "train" / city / f"{name}_leftImg8bit.png", IMAGE)
        labels = np.array([[7, 7, 11, 33, 4, 255]] * 4, np.uint8)
        save(tmp_path / "gtFine" / "train" / city / f"{name}_gtFine_labelIds.png", labels)
        save(tmp_path / "gtFine" / "train" / city / f"{name}_gtFine_instanceIds.png", labels)
    return tmp_path


def test_camvid(camvid):
    samples = opened(camvid, subset="train", classes=NAMES, ignored_values=(11,))
    assert (len(samples), samples.classes, list(samples.blocks)) == (3, NAMES, [0, 0, 2])
    assert samples[0].boxes is None
    assert samples[0].mask.tolist() == [[0, 0, 1, 1, 2, 255]] * 4
    np.testing.assert_array_equal(samples[0].image, IMAGE[..., ::-1])
    assert len(opened(camvid, subset="val", classes=NAMES, ignored_values=(11,))) == 1


def test_values_without_a_name_are_refused_or_ignored(camvid):
    with pytest.raises(DataError, match=r"annot/0001_10.png: expected pixels of the values 0, 1, 2, 255; got 11. Name"):
        opened(camvid, subset="train", classes=NAMES)[0]
    assert opened(camvid, subset="train", classes=NAMES, unknown_classes="drop")[0].mask.max() == 255


def test_names_may_lie_beside_the_folders(camvid):
    (camvid / "classes.txt").write_text("sky\nbuilding\npole\n")
    samples = opened(camvid, subset="val", ignored_values=(11,), rename={"pole": "building"})
    assert samples.classes == ("sky", "building")
    assert samples[0].mask.tolist() == [[0, 0, 1, 1, 1, 255]] * 4


def test_what_does_not_match_is_refused(camvid):
    with pytest.raises(DataError, match="subset: expected one of train, val, got ''"):
        opened(camvid)
    with pytest.raises(DataError, match="do not name their classes: expected names in classes"):
        opened(camvid, subset="train")
    with pytest.raises(DataError, match="labels: expected boxes, which the format 'masks' does not have"):
        opened(camvid, subset="train", labels="boxes")
    (camvid / "valannot" / "0003_10.png").rename(camvid / "valannot" / "other.png")
    with pytest.raises(DataError, match=r"val/0003_10.png: expected a mask 0003_10.png for it, there is none"):
        opened(camvid, subset="val", classes=NAMES)


@pytest.mark.parametrize(
    "mask", [np.zeros((4, 6, 3), np.uint8), np.zeros((4, 5), np.uint8), np.zeros((4, 6), np.uint16)]
)
def test_masks_are_one_channel_of_8_bits_and_as_large_as_the_image(camvid, mask):
    save(camvid / "valannot" / "0003_10.png", mask)
    samples = opened(camvid, subset="val", classes=NAMES)
    with pytest.raises(DataError, match=r"0003_10.png: expected a class id of 8 bits for each pixel of the image"):
        samples[0]


def test_cityscapes(cityscapes):
    samples = opened(cityscapes)
    assert (len(samples), len(samples.classes), samples.classes[0]) == (4, 19, "road")
    assert samples[0].mask.tolist() == [[0, 0, 2, 18, 255, 255]] * 4
    assert list(samples.blocks) == [0, 0, 2, 4]


def test_cityscapes_with_train_ids(cityscapes):
    for path in list((cityscapes / "gtFine").rglob("*_labelIds.png")):
        save(path.with_name(path.name.replace("labelIds", "labelTrainIds")), np.full((4, 6), 18, np.uint8))
    samples = opened(cityscapes, rename={name: "thing" for name in TRAIN_IDS.values() if name != "bicycle"})
    assert samples.classes == ("thing", "bicycle")
    assert (samples[0].mask == 1).all()
