"""Squares of an image: where they lie, what they show, and when two show one person."""

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dl_robotics.pose.crop import Crop

SHARES = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 0.5], [0.0, 1.0]], np.float32)
CROPS = st.builds(Crop, st.floats(-500, 500), st.floats(-500, 500), st.floats(1, 1000), st.floats(-math.pi, math.pi))


def test_a_worked_example():
    """Hips at (100, 80), the circle's rim 40 above: side 2 * 40 * 1.25, corners 50 away."""
    crop = Crop.around_body(np.array([100, 80], np.float32), np.array([100, 40], np.float32))
    assert crop == Crop(100.0, 80.0, 100.0, 0.0)
    assert crop.to_image(SHARES).tolist() == [[50, 30], [150, 30], [100, 80], [50, 130]]


@pytest.mark.parametrize(("rim", "degrees"), [((0, -9), 0), ((9, 0), 90), ((0, 9), 180), ((-9, 0), -90), ((9, -9), 45)])
def test_people_stand_upright_in_their_crop(rim, degrees):
    hips = np.zeros(2, np.float32)
    crop = Crop.around_body(hips, np.array(rim, np.float32))
    assert math.degrees(crop.angle) == pytest.approx(degrees)
    top = crop.to_image(np.array([[0.5, 0.5 - 0.5 / 1.25]], np.float32))[0]
    assert top == pytest.approx(rim, abs=1e-5)


@given(CROPS)
def test_the_middle_is_the_centre_and_sides_keep_their_length(crop):
    corners = crop.to_image(SHARES)
    assert corners[2] == pytest.approx((crop.x, crop.y), abs=1e-2)
    assert np.linalg.norm(corners[1] - corners[0]) == pytest.approx(crop.side, rel=1e-3, abs=1e-2)
    assert np.linalg.norm(corners[3] - corners[0]) == pytest.approx(crop.side, rel=1e-3, abs=1e-2)


def test_pixels_and_places_agree():
    """A white dot is found in the crop where its place in the image says that it is, however the crop is turned."""
    image = np.zeros((200, 300, 3), np.uint8)
    cv2.circle(image, (180, 90), 6, (255, 255, 255), cv2.FILLED)
    for angle in np.linspace(-3.0, 3.0, 7):
        crop = Crop(170.0, 100.0, 80.0, float(angle))
        pixels = crop.take(image, 160, cv2.BORDER_CONSTANT)[..., 0].astype(np.float64)
        rows, columns = np.indices(pixels.shape)
        middle = np.array([[(columns * pixels).sum(), (rows * pixels).sum()]]) / pixels.sum() / 160
        assert crop.to_image(middle.astype(np.float32))[0] == pytest.approx((180, 90), abs=0.1)


def test_the_smallest_square_around_an_image():
    assert Crop.whole(np.zeros((480, 640, 3), np.uint8)) == Crop(320.0, 240.0, 640.0)


def test_a_box_gets_a_margin():
    assert Crop.around_box(np.array([10, 20, 50, 180], np.float32)) == Crop(30.0, 100.0, 200.0)


@given(CROPS, CROPS)
def test_showing_the_same_person_is_mutual(one, other):
    assert one.shows_same(one)
    assert one.shows_same(other) == other.shows_same(one)


def test_people_side_by_side_or_behind_one_another_are_two():
    one = Crop(100.0, 100.0, 100.0)
    assert one.shows_same(Crop(114.0, 100.0, 100.0, 1.0))
    assert not one.shows_same(Crop(116.0, 100.0, 100.0))
    assert not one.shows_same(Crop(100.0, 100.0, 60.0))
