"""Changes of colour."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dl_robotics.data.augmentation.config import AugmentationConfig
from dl_robotics.data.augmentation.photometric import change_levels, change_tone, distort, swap_channels

IMAGES = arrays(np.uint8, (3, 4, 3))
RED, GREEN, BLUE = (np.full((2, 2, 3), colour, np.uint8) for colour in ([255, 0, 0], [0, 255, 0], [0, 0, 255]))


def test_levels_are_shifted_then_multiplied_and_clipped_at_both_steps():
    image = np.array([[[10, 100, 250]]], np.uint8)
    assert change_levels(image, 1.0, 20.0).tolist() == [[[30, 120, 255]]]
    assert change_levels(image, 0.5, 20.0).tolist() == [[[15, 60, 128]]]
    assert change_levels(image, 2.0, -20.0).tolist() == [[[0, 160, 255]]]


def test_a_third_of_a_turn_takes_red_to_green():
    np.testing.assert_array_equal(change_tone(RED, 1.0, 120.0), GREEN)
    np.testing.assert_array_equal(change_tone(RED, 1.0, -120.0), BLUE)
    np.testing.assert_array_equal(change_tone(BLUE, 1.0, 120.0), RED)


def test_without_saturation_all_is_grey():
    image = np.array([[[200, 100, 0], [7, 8, 9]]], np.uint8)
    np.testing.assert_array_equal(change_tone(image, 0.0, 0.0), [[[200] * 3, [9] * 3]])


def test_channels_change_places():
    image = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    np.testing.assert_array_equal(swap_channels(image, np.array([2, 0, 1])), image[..., [2, 0, 1]])


@settings(deadline=None)
@given(IMAGES)
def test_no_change_is_none(image):
    assert change_levels(image, 1.0, 0.0) is image
    assert change_tone(image, 1.0, 0.0) is image


@settings(deadline=None)
@given(IMAGES, st.integers(0, 999))
def test_the_image_that_was_given_stays_as_it_is(image, seed):
    before = image.copy()
    image.setflags(write=False)
    changed = distort(image, AugmentationConfig(distortion=1.0, channel_swap=1.0), np.random.default_rng(seed))
    assert changed.shape == image.shape and changed.dtype == np.uint8
    np.testing.assert_array_equal(image, before)


@settings(deadline=None)
@given(IMAGES, st.integers(0, 999))
def test_distortion_can_be_turned_off(image, seed):
    off = AugmentationConfig(distortion=0.0)
    np.testing.assert_array_equal(distort(image, off, np.random.default_rng(seed)), image)


def test_brightness_is_uniform():
    grey = np.full((1, 1, 3), 128, np.uint8)
    rng = np.random.default_rng(0)
    config = AugmentationConfig(distortion=1.0, contrast=0.0, saturation=0.0, hue=0.0)
    levels = np.array([distort(grey, config, rng)[0, 0, 0] for _ in range(2000)], np.float64)
    assert levels.min() >= 96 and levels.max() <= 160
    assert levels.mean() == pytest.approx(128.0, abs=2.0)
    assert levels.std() == pytest.approx(64.0 / 12**0.5, abs=1.0)  # uniform over 64 levels
