"""What the numbers of BlazePose's detector mean."""

import numpy as np
import pytest

from dl_robotics.pose.crop import Crop
from dl_robotics.pose.finder import anchors, decode

VIEW = Crop(320.0, 240.0, 640.0)  # of an image of 640 x 480: a share of 0.1 is 64 pixels, 80 rows lie above the image


def row(x=0.0, y=0.0, size=30.0, hips=(0.0, 0.0), rim=(0.0, -28.0)):
    """Numbers of one anchor in pixels of the network's input of 224."""
    return [x, y, size, size, *hips, *rim, 0.0, 0.0, 0.0, 0.0]


def people(rows, scores, places, threshold=0.5):
    scores = np.array(scores, np.float32)
    return decode(np.array(rows, np.float32), scores, np.array(places, np.float32), threshold, VIEW)


def test_the_grids_have_the_anchors_of_the_network():
    """28 x 28 cells with two, 14 x 14 with two, 7 x 7 with six: the network's 2254 rows."""
    centres = anchors()
    assert centres.shape == (2254, 2)
    assert centres[:4].tolist() == pytest.approx(np.array([[1, 1], [1, 1], [3, 1], [3, 1]]) / 56)
    assert centres[28 * 28 * 2] == pytest.approx([1 / 28, 1 / 28])
    assert centres[-6:] == pytest.approx(np.full((6, 2), 13 / 14))


def test_a_worked_example():
    """An anchor in the middle, the hips 22.4 pixels below it, the rim 56 above them: 64 and 160 of the image."""
    scores, faces, crops = people([row(2.8, -5.6, hips=(0.0, 22.4), rim=(0.0, -33.6))], [0.75], [[0.5, 0.5]])
    assert scores == pytest.approx([0.75])
    assert faces[0] == pytest.approx((328.0, 224.0))
    assert crops[0] == pytest.approx((320.0, 304.0, 2 * 160.0 * 1.25, 0.0), abs=1e-3)


def test_overlapping_boxes_are_one_person_blended_by_score():
    """Hips at 0 and 22.4 pixels with scores 0.9 and 0.6: at 0.4 of 64 pixels."""
    scores, _, crops = people([row(), row(hips=(22.4, 0.0), rim=(22.4, -28.0))], [0.9, 0.6], [[0.5, 0.5]] * 2)
    assert scores == pytest.approx([0.9])
    assert crops[0].x == pytest.approx(320.0 + 0.4 * 64.0)


def test_people_beside_each_other_come_best_first():
    scores, _, crops = people([row(), row(), row()], [0.6, 0.8, 0.4], [[0.25, 0.5], [0.75, 0.5], [0.5, 0.1]])
    assert scores == pytest.approx([0.8, 0.6])
    assert [crop.x for crop in crops] == pytest.approx([480.0, 160.0])


def test_nobody():
    assert people([row()], [0.49], [[0.5, 0.5]]).crops == ()


def test_a_box_without_area_is_still_somebody():
    assert len(people([row(size=0.0)], [0.9], [[0.5, 0.5]]).crops) == 1
