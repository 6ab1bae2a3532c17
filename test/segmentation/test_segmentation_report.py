"""The report of a segmenter: what is in its files."""

import json
import math

import cv2
import numpy as np
import pytest

from dl_robotics.data.errors import DataError
from dl_robotics.data.sample import IGNORED, Sample
from dl_robotics.segmentation.report import SegmentationReport
from dl_robotics.segmentation.stage import Segmentation

CLASSES = ("road", "tree", "car")


def add(report, truth, predicted):
    truth, predicted = np.array(truth, np.uint8), np.array(predicted, np.uint8)
    image = np.zeros((*truth.shape, 3), np.uint8)
    report.add(Sample(image, None, None, truth, "image"), Segmentation(predicted, np.full_like(predicted, 255)))


@pytest.fixture
def report():
    report = SegmentationReport(CLASSES)
    add(report, [[0, 0, 1, 1]], [[0, 1, 1, 1]])
    add(report, [[0, 0, IGNORED, IGNORED]], [[0, 0, 1, 1]])
    return report


def test_figures(report):
    assert report.figures() == pytest.approx({"miou": (3 / 4 + 2 / 3) / 2, "accuracy": 5 / 6})
    rows = report.classes()
    assert rows["road"] == pytest.approx({"IoU": 3 / 4, "recall": 3 / 4, "precision": 1.0, "pixels": 4 / 6})
    assert math.isnan(rows["car"]["IoU"])
    assert "car" in report.table()


def test_files(report, tmp_path):
    report.write(tmp_path, {"images": 2})
    told = json.loads((tmp_path / "report.json").read_text())
    assert told["classes"]["car"]["IoU"] is None
    assert told["confusion"] == {"names": list(CLASSES), "counts": [[3, 1, 0], [0, 2, 0], [0, 0, 0]]}
    for name in ("confusion", "classes"):
        assert cv2.imread(str(tmp_path / f"{name}.png")).std() > 10.0, name
    assert cv2.imread(str(tmp_path / "worst_1.png")).shape == (1, 8, 3)
    assert not (tmp_path / "worst_2.png").exists()  # the second image is all right


def test_images_without_masks_are_refused():
    image = np.zeros((1, 4, 3), np.uint8)
    found = Segmentation(np.zeros((1, 4), np.uint8), np.zeros((1, 4), np.uint8))
    with pytest.raises(DataError, match=r"photo\.jpg: expected a mask"):
        SegmentationReport(CLASSES).add(Sample(image, None, None, None, "photo.jpg"), found)
