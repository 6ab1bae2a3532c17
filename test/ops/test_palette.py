"""Colours of class ids."""

import numpy as np

from dl_robotics.ops.palette import palette


def test_first_colours_are_those_of_pascal_voc():
    assert palette(6).tolist() == [[0, 0, 0], [128, 0, 0], [0, 128, 0], [128, 128, 0], [0, 0, 128], [128, 0, 128]]
    assert palette()[15].tolist() == [192, 128, 128]  # person


def test_all_256_differ_and_do_not_depend_on_the_count():
    assert len(np.unique(palette(), axis=0)) == 256
    assert (palette(20) == palette()[:20]).all()
