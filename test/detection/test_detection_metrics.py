"""Average precision by examples that can be worked out by hand."""

import numpy as np
import pytest

from dl_robotics.data.errors import DataError
from dl_robotics.data.sample import Sample
from dl_robotics.detection.metrics import CocoMetrics
from dl_robotics.ops.detections import Detections

CLASSES = ("background", "cat", "dog")
BOX = (100.0, 100.0, 200.0, 200.0)  # large: 100 x 100


def truth(boxes, labels=None):
    labels = np.full(len(boxes), 1, np.int64) if labels is None else np.array(labels, np.int64)
    return Sample(np.zeros((480, 640, 3), np.uint8), np.array(boxes, np.float32).reshape(-1, 4), labels, None, "image")


def found(boxes, labels, scores):
    boxes = np.array(boxes, np.float32).reshape(-1, 4)
    return Detections(boxes, np.array(labels, np.int64), np.array(scores, np.float32))


def measure(*pairs):
    metrics = CocoMetrics(CLASSES)
    for sample, detections in pairs:
        metrics.add(sample, detections)
    return metrics


def shifted(pixels):
    return (BOX[0] + pixels, BOX[1], BOX[2] + pixels, BOX[3])


def test_perfect_is_one_and_what_does_not_occur_is_left_out():
    figures = measure((truth([BOX]), found([BOX], [1], [0.9]))).summary()
    assert {name: value for name, value in figures.items() if value != 1.0} == {}
    assert {"AP", "AP50", "AP75", "AP_large", "AR_1", "AP/cat", "AP50/cat"} <= figures.keys()
    assert not {"AP_small", "AP_medium", "AP/dog"} & figures.keys()


# Two boxes 100 wide, shifted by s: IoU (100 - s) / (100 + s); 33 gives 0.5038, 34 gives 0.4925.
@pytest.mark.parametrize(("shift", "ap50", "ap"), [(0, 1.0, 1.0), (10, 1.0, 0.7), (33, 1.0, 0.1), (34, 0.0, 0.0)])
def test_shifted_boxes_count_up_to_their_overlap(shift, ap50, ap):
    figures = measure((truth([BOX]), found([shifted(shift)], [1], [0.9]))).summary()
    assert figures["AP50"] == pytest.approx(ap50, abs=1e-6)
    assert figures["AP"] == pytest.approx(ap, abs=1e-6)


def test_an_empty_prediction_is_zero():
    figures = measure((truth([BOX]), Detections.none())).summary()
    assert figures["AP"] == figures["AR_100"] == 0.0


def test_half_of_the_objects_found():
    # Precision 1 at the 51 recalls up to 0.5, then 0: AP = 51 / 101.
    figures = measure((truth([BOX, (300, 100, 400, 200)]), found([BOX], [1], [0.9]))).summary()
    assert figures["AP"] == pytest.approx(51 / 101)
    assert figures["AR_100"] == 0.5


def test_a_false_alarm_on_an_image_without_objects_costs_precision():
    pairs = (truth([BOX]), found([BOX], [1], [0.5])), (truth([]), found([BOX], [1], [0.9]))
    assert measure(*pairs).summary()["AP50"] == pytest.approx(0.5)


def test_the_second_box_on_one_object_is_a_false_alarm():
    both = found([BOX, BOX], [1, 1], [0.9, 0.8])
    figures = measure((truth([BOX]), both), (truth([BOX]), found([BOX], [1], [0.7]))).summary()
    # In order of score: right, wrong, right; precision 1 up to recall 0.5 (51 samples), then 2 / 3 (50 samples).
    assert figures["AP50"] == pytest.approx((51 + 50 * 2 / 3) / 101)


def test_the_mean_is_over_the_classes_of_the_truth():
    sample = truth([BOX, (300, 100, 310, 110)], [1, 2])
    figures = measure((sample, found([BOX], [1], [0.9]))).summary()
    assert (figures["AP/cat"], figures["AP/dog"], figures["AP"]) == (1.0, 0.0, 0.5)
    assert (figures["AP_small"], figures["AP_large"]) == (0.0, 1.0)
    only_cats = measure((truth([BOX]), found([BOX, BOX], [1, 2], [0.9, 0.99]))).summary()
    assert only_cats["AP"] == 1.0


def test_curve_and_threshold():
    pairs = (truth([BOX, (300, 100, 400, 200)]), found([BOX, (0, 0, 50, 50)], [1, 1], [0.75, 0.25]))
    curves = measure(pairs).curves()
    assert curves.keys() == {"cat"}
    np.testing.assert_allclose(curves["cat"].precision, [1.0] * 51 + [0.0] * 50)
    assert curves["cat"].best_threshold() == 0.75


def test_nothing_is_printed_and_figures_follow_what_is_added(capfd):
    metrics = measure((truth([BOX]), found([BOX], [1], [0.9])))
    assert metrics.summary()["AP"] == 1.0
    metrics.add(truth([BOX]), Detections.none())
    assert metrics.summary()["AP"] == pytest.approx(51 / 101)
    assert capfd.readouterr() == ("", "")


def test_refused_by_name():
    with pytest.raises(DataError, match=r"1 images: expected at least one labelled object \(cat, dog\)"):
        measure((truth([]), Detections.none())).summary()
    unlabelled = Sample(np.zeros((4, 4, 3), np.uint8), None, None, None, "photo.jpg")
    with pytest.raises(DataError, match=r"photo\.jpg: expected labelled boxes"):
        measure((unlabelled, Detections.none()))
