"""What the numbers of BlazePose's landmark network mean."""

import math

import numpy as np
import pytest

from dl_robotics.pose.crop import Crop
from dl_robotics.pose.landmarks import decode, refine

CROP = Crop(100.0, 200.0, 512.0)  # two pixels of the image are one of the network's


def numbers():
    """(39, 5) rows: all joints in the middle, the next crop's rim 64 pixels above."""
    rows = np.zeros((39, 5), np.float32)
    rows[:, :2] = 128.0
    rows[34, 1] = 64.0
    return rows


def nothing():
    return np.full((64, 64, 39), -20.0, np.float32)


def test_a_worked_example():
    rows = numbers()
    rows[5] = (192.0, 64.0, 7.0, math.log(3.0), 0.0)
    person = decode(rows, 0.9, nothing(), CROP)
    assert person.presence == 0.9
    assert person.places.shape == (33, 2)
    assert person.places[5].tolist() == [228.0, 72.0]
    assert person.scores[5] == pytest.approx(0.75)
    assert person.scores[0] == pytest.approx(0.5)
    assert person.crop == Crop(100.0, 200.0, 2 * 128.0 * 1.25, 0.0)


def test_a_turned_crop_turns_the_joints():
    rows = numbers()
    rows[0, :2] = (128.0, 28.0)
    person = decode(rows, 1.0, nothing(), CROP._replace(angle=math.pi / 2))
    assert person.places[0] == pytest.approx((300.0, 200.0), abs=1e-3)
    assert person.crop.angle == pytest.approx(math.pi / 2)


def test_a_heat_map_moves_its_joint_to_the_centre_of_mass():
    """Cells (row 30, column 33) and (30, 34), both nearly certain: between them, in 64 cells."""
    shares, maps = np.full((2, 2), 0.5, np.float32), nothing()[..., :2]
    maps[30, 33:35, 1] = 20.0
    refine(shares, maps)
    assert shares[0].tolist() == [0.5, 0.5]
    assert shares[1] == pytest.approx((33.5 / 64, 30 / 64), abs=1e-5)


def test_uncertain_and_distant_heat_is_left_out():
    shares, maps = np.full((3, 2), 0.5, np.float32), nothing()[..., :3]
    maps[32, 33, 0] = -0.1  # below one half
    maps[32, 36, 1] = 20.0  # four cells away
    maps[32, 35, 2] = 20.0  # three cells away
    refine(shares, maps)
    assert shares[:2].tolist() == [[0.5, 0.5]] * 2
    assert shares[2] == pytest.approx((35 / 64, 0.5), abs=1e-5)


def test_joints_outside_the_map_stay():
    shares = np.array([[-0.02, 0.5], [0.5, 1.0], [1.5, 0.5], [0.99, 0.0]], np.float32)
    before, maps = shares.copy(), np.full((64, 64, 4), 20.0, np.float32)
    refine(shares, maps)
    assert (shares[:3] == before[:3]).all()
    assert shares[3] == pytest.approx(((60 + 61 + 62 + 63) / 4 / 64, 1.5 / 64), abs=1e-5)
