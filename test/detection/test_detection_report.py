"""The report of a detector: what is in its files."""

import json

import cv2
import numpy as np
import pytest

from dl_robotics.data.sample import Sample
from dl_robotics.detection.confusion import confusion
from dl_robotics.detection.report import DetectionReport
from dl_robotics.ops.detections import Detections

CLASSES = ("background", "cat", "dog")
LEFT, RIGHT = (10.0, 10.0, 50.0, 50.0), (60.0, 10.0, 100.0, 50.0)


def boxes(*rows):
    return np.array(rows, np.float32).reshape(-1, 4)


def sample(*labelled):
    places, labels = zip(*labelled, strict=True) if labelled else ((), ())
    return Sample(np.full((80, 120, 3), 90, np.uint8), boxes(*places), np.array(labels, np.int64), None, "image")


def found(*rows):
    places, labels, scores = zip(*rows, strict=True) if rows else ((), (), ())
    return Detections(boxes(*places), np.array(labels, np.int64), np.array(scores, np.float32))


def counted(truth, detections):
    return confusion(truth.boxes, truth.labels, detections, len(CLASSES), threshold=0.5, iou=0.5).tolist()


def test_confusion_of_right_wrong_missed_and_false():
    truth = sample((LEFT, 1), (RIGHT, 2))
    assert counted(truth, found((LEFT, 1, 0.9), (RIGHT, 1, 0.8))) == [[0, 0, 0], [0, 1, 0], [0, 1, 0]]
    assert counted(truth, found()) == [[0, 0, 0], [1, 0, 0], [1, 0, 0]]
    assert counted(sample(), found((LEFT, 2, 0.9))) == [[0, 0, 1], [0, 0, 0], [0, 0, 0]]


def test_confusion_counts_an_object_once_and_no_unsure_detections():
    twice = found((LEFT, 1, 0.6), (LEFT, 2, 0.9), (RIGHT, 1, 0.4))
    assert counted(sample((LEFT, 1)), twice) == [[0, 1, 0], [0, 0, 1], [0, 0, 0]]


@pytest.fixture
def report():
    report = DetectionReport(CLASSES, worst=2)
    report.add(sample((LEFT, 1), (RIGHT, 1)), found((LEFT, 1, 0.9)))
    report.add(sample((LEFT, 1)), found((LEFT, 1, 0.8)))
    report.add(sample(), found((LEFT, 2, 0.7), (RIGHT, 1, 0.6)))
    return report


def test_files(report, tmp_path):
    report.write(tmp_path, {"images": 3})
    told = json.loads((tmp_path / "report.json").read_text())
    assert told["images"] == 3
    assert told["figures"] == report.figures()
    assert told["confusion"]["counts"] == [[0, 1, 1], [1, 2, 0], [0, 0, 0]]
    assert set(told["classes"]) == {"cat"}  # no dog in the truth
    assert told["classes"]["cat"]["objects"] == 3
    for name in ("precision_recall", "confusion", "classes"):
        picture = cv2.imread(str(tmp_path / f"{name}.png"))
        assert picture.std() > 10.0, name  # something is drawn
    worst = cv2.imread(str(tmp_path / "worst_1.png"))
    assert worst.shape == (80, 240, 3)
    assert (worst[:, :120] == 90).all()  # the image without objects, but with two false alarms
    assert not (worst[:, 120:] == 90).all()
    assert (tmp_path / "worst_2.png").exists()
    assert not (tmp_path / "worst_3.png").exists()


def test_the_table_has_a_line_for_every_figure_and_class(report):
    lines = {line.split()[0]: line.split()[1:] for line in report.table().splitlines()}
    assert float(lines["AP50"][0]) == pytest.approx(report.figures()["AP50"], abs=1e-3)
    assert lines["class"] == ["AP", "AP50", "threshold", "objects"]
    assert lines["cat"][3] == "3"


def test_images_without_mistakes_are_not_among_the_worst(tmp_path):
    report = DetectionReport(CLASSES)
    report.add(sample((LEFT, 1)), found((LEFT, 1, 0.9)))
    report.write(tmp_path, {})
    assert not list(tmp_path.glob("worst_*"))
