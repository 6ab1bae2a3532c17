"""Annotated images."""

import numpy as np
import pytest

from dl_robotics.detection.draw import draw_detections
from dl_robotics.ops.detections import Detections
from dl_robotics.ops.palette import palette

CLASSES = ("background", "person", "box")


def detections(*boxes, ids=()):
    count = len(boxes)
    labels, scores = np.arange(count) % 2 + 1, np.linspace(0.9, 0.3, count, dtype=np.float32)
    return Detections(np.array(boxes, np.float32).reshape(-1, 4), labels, scores, ids)


@pytest.mark.parametrize("background", [0, 128, 255])
def test_boxes_are_drawn_in_their_classes_colours(background):
    image = np.full((100, 160, 3), background, np.uint8)
    drawn = draw_detections(image, detections([20, 40, 60, 80], [90, 40, 140, 90]), CLASSES)
    assert drawn[60, 20].tolist() == palette()[1].tolist()
    assert drawn[60, 90].tolist() == palette()[2].tolist()
    assert drawn[60, 19].tolist() == [0, 0, 0]  # the dark line beside
    assert (drawn[60, 40] == background).all()
    assert (image == background).all()


def test_the_best_lies_on_top():
    drawn = draw_detections(np.zeros((100, 160, 3), np.uint8), detections([20, 40, 60, 80], [20, 40, 60, 80]), CLASSES)
    assert drawn[60, 20].tolist() == palette()[1].tolist()


@pytest.mark.parametrize("box", [[-50, -50, 5, 5], [0, 0, 0, 0], [150, 90, 400, 300], [0, 0, 160, 100]])
def test_boxes_at_and_beyond_the_border(box):
    drawn = draw_detections(np.full((100, 160, 3), 60, np.uint8), detections(box, ids=("7",)), CLASSES)
    assert drawn.shape == (100, 160, 3)
    assert (drawn != 60).any()


def test_nothing_found_leaves_the_image():
    image = np.full((10, 10, 3), 60, np.uint8)
    np.testing.assert_array_equal(draw_detections(image, Detections.none(), CLASSES), image)


def test_an_image_that_cannot_be_written_to():
    image = np.full((50, 50, 3), 60, np.uint8)
    image.flags.writeable = False
    assert (draw_detections(image, detections([5, 20, 30, 40]), CLASSES) != image).any()
