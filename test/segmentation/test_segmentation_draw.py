"""Segmentations for people to look at."""

import numpy as np

from dl_robotics.data.sample import IGNORED
from dl_robotics.ops.palette import palette
from dl_robotics.segmentation.draw import draw_segmentation

GREY = np.full((64, 96, 3), 100, np.uint8)


def drawn(ids, classes=("background", "wall", "person"), **options):
    return draw_segmentation(GREY, np.array(ids, np.uint8), classes, **options)


def test_classes_get_their_colours_where_they_are():
    ids = np.zeros((64, 96))
    ids[40:, 50:] = 2
    image = drawn(ids, opacity=1.0)
    assert (image[40:, 50:] == palette()[2]).all()
    assert (image[40:, :50] == 100).all()
    assert (GREY == 100).all()


def test_colours_are_blended():
    ids = np.zeros((64, 96))
    ids[40:, 50:] = 1  # (128, 0, 0)
    assert drawn(ids, opacity=0.25)[50, 60].tolist() == [107, 75, 75]


def test_ignored_pixels_and_unknown_classes_have_no_entry():
    plain = drawn(np.zeros((64, 96)))
    assert (drawn(np.full((64, 96), IGNORED)) == 100).all()
    assert (plain[32:] == 100).all()
    assert (plain[:20, :20] != 100).any()  # the legend's only entry


def test_legend_names_what_occurs():
    ids = np.zeros((64, 96))
    ids[-1, -1] = 2
    two, one = drawn(ids), drawn(np.zeros((64, 96)))
    rows = [np.flatnonzero((image[:-1] != 100).any((1, 2))) for image in (two, one)]
    assert rows[0].max() - rows[1].max() == 16
    assert (two[22:32, 6:16] == palette()[2]).all()


def test_read_only_images_are_drawn_on_copies():
    image, ids = GREY.copy(), np.ones((64, 96), np.uint8)
    image.flags.writeable = ids.flags.writeable = False
    assert (draw_segmentation(image, ids, ("background", "wall"))[40:] == (114, 50, 50)).all()
