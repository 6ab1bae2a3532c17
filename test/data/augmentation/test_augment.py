"""Boxes and masks move with the image."""

import dataclasses
import time

import numpy as np
import pytest
from drawn import rectangles
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_robotics.config import ConfigError
from dl_robotics.data.augmentation import AugmentationConfig, augment
from dl_robotics.data.augmentation.geometry import Window, flip, resize, view
from dl_robotics.data.augmentation.windows import cropped, scaled
from dl_robotics.data.sample import IGNORED

SEEDS = st.integers(0, 10_000)
EDGES = st.tuples(st.integers(0, 50), st.integers(0, 30), st.integers(2, 12), st.integers(2, 16))
BOX = EDGES.map(lambda e: [e[0], e[1], e[0] + e[2], e[1] + e[3]])
GEOMETRY_ONLY = AugmentationConfig(distortion=0.0)
FILL = (1, 2, 3)


@settings(deadline=None)
@given(BOX, SEEDS)
def test_flips_are_involutions(box, seed):
    sample = rectangles([box], [1], seed=seed)
    once, twice = flip(sample), flip(flip(sample))
    np.testing.assert_array_equal(once.image, sample.image[:, ::-1])
    for name in ("image", "boxes", "labels", "mask"):
        np.testing.assert_array_equal(getattr(twice, name), getattr(sample, name))


def test_flipping_a_worked_example():
    flipped = flip(rectangles([[4, 6, 30, 40]], [1], width=64))
    assert flipped.boxes.tolist() == [[34.0, 6.0, 60.0, 40.0]]


def test_a_window_of_a_worked_example():
    """A 20 x 10 window that reaches 4 px beyond the left edge; one box is cut, the other one's centre is outside."""
    sample = rectangles([[2, 3, 10, 9], [12, 0, 40, 8]], [1, 2])
    seen = view(sample, Window(-4, 2, 16, 12), FILL)
    assert seen.image.shape == (10, 20, 3)
    np.testing.assert_array_equal(seen.image[:, 4:], sample.image[2:12, :16])
    assert (seen.image[:, :4] == FILL).all() and (seen.mask[:, :4] == IGNORED).all()
    np.testing.assert_array_equal(seen.mask[:, 4:], sample.mask[2:12, :16])
    assert (seen.boxes.tolist(), seen.labels.tolist()) == ([[6.0, 1.0, 14.0, 7.0]], [1])


@pytest.mark.parametrize("window", [(-30, 0, -10, 10), (70, 0, 80, 10), (0, -20, 10, -10), (-9, 48, 3, 60)])
def test_a_window_beside_the_image_shows_none_of_it(window):
    seen = view(rectangles([[2, 3, 10, 9]], [1]), Window(*window), FILL)
    assert seen.image.shape[:2] == seen.mask.shape == (window[3] - window[1], window[2] - window[0])
    assert (seen.image == FILL).all() and (seen.mask == IGNORED).all() and len(seen.boxes) == 0


@settings(deadline=None)
@given(SEEDS)
def test_images_without_objects_stay_in_sight(seed):
    seen = augment(rectangles([], []), dataclasses.replace(GEOMETRY_ONLY, expansion=1.0), np.random.default_rng(seed))
    canvas_only = 1.0 / 4.0**2  # the largest canvas, not cropped
    assert (seen.mask != IGNORED).mean() >= 0.9 * canvas_only


def test_boxes_are_clipped_to_the_window():
    seen = view(rectangles([[10, 10, 30, 30]], [1]), Window(15, 18, 60, 40), FILL)
    assert seen.boxes.tolist() == [[0.0, 0.0, 15.0, 12.0]]


def test_resizing_scales_boxes_and_mask():
    half = resize(rectangles([[4, 6, 30, 40]], [1]), 32, 12)
    assert (half.image.shape, half.mask.shape) == ((12, 32, 3), (12, 32))
    assert half.boxes.tolist() == [[2.0, 1.5, 15.0, 10.0]]
    assert set(np.unique(half.mask)) == {0, 1}


@settings(deadline=None)
@given(st.lists(BOX, max_size=1), SEEDS, st.floats(0.5, 1.0), st.floats(1.0, 3.0))
def test_a_box_stays_around_its_pixels(boxes, seed, smallest, largest):
    """The box of the mask's pixels is the box, but for the pixel that interpolation may add or take on either side."""
    config = dataclasses.replace(GEOMETRY_ONLY, zoom=(smallest, largest))
    changed = augment(rectangles(boxes, [1] * len(boxes), seed=seed), config, np.random.default_rng(seed))
    assert changed.mask.shape == changed.image.shape[:2]
    rows, columns = np.nonzero(changed.mask == 1)
    for left, top, right, bottom in changed.boxes.tolist():
        if min(right - left, bottom - top) >= 2:
            drawn = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
            np.testing.assert_allclose([left, top, right, bottom], drawn, atol=1.0)


@settings(deadline=None)
@given(st.lists(BOX, max_size=3), SEEDS)
def test_what_comes_out_is_a_sample(boxes, seed):
    sample = rectangles(boxes, [1, 2, 1][: len(boxes)], seed=seed)
    for array in (sample.image, sample.boxes, sample.labels, sample.mask):
        array.setflags(write=False)
    changed = augment(sample, AugmentationConfig(), np.random.default_rng(seed))
    height, width = changed.image.shape[:2]
    assert changed.image.dtype == changed.mask.dtype == np.uint8
    assert 0 < height * width <= 1.1 * sample.mask.size
    assert changed.boxes.dtype == np.float32 and changed.labels.dtype == np.int64
    assert len(changed.boxes) == len(changed.labels) <= len(boxes)
    assert (changed.boxes[:, 2:] > changed.boxes[:, :2]).all()
    assert (changed.boxes >= 0).all() and (changed.boxes <= [width, height, width, height]).all()
    assert set(np.unique(changed.mask)) <= {*np.unique(sample.mask).tolist(), IGNORED}


@settings(deadline=None)
@given(SEEDS)
def test_the_same_generator_gives_the_same(seed):
    sample = rectangles([[4, 6, 30, 40]], [1])
    first, second = (augment(sample, AugmentationConfig(), np.random.default_rng(seed)) for _ in range(2))
    np.testing.assert_array_equal(first.image, second.image)
    np.testing.assert_array_equal(first.boxes, second.boxes)


@settings(deadline=None)
@given(SEEDS)
def test_everything_can_be_turned_off(seed):
    sample = rectangles([[4, 6, 30, 40]], [1])
    off = AugmentationConfig(distortion=0.0, expansion=0.0, crop=0.0, flip=0.0)
    changed = augment(sample, off, np.random.default_rng(seed))
    for name in ("image", "boxes", "labels", "mask"):
        np.testing.assert_array_equal(getattr(changed, name), getattr(sample, name))


@settings(deadline=None)
@given(SEEDS)
def test_labels_that_are_not_there_do_not_appear(seed):
    bare = dataclasses.replace(rectangles([], []), boxes=None, labels=None, mask=None)
    changed = augment(bare, AugmentationConfig(), np.random.default_rng(seed))
    assert changed.boxes is changed.labels is changed.mask is None


@settings(deadline=None)
@given(BOX, SEEDS, st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.9]))
def test_crops_overlap_some_box_enough(box, seed, overlap):
    config = AugmentationConfig(crop_overlaps=(overlap,))
    whole = Window(0, 0, 64, 48)
    crop = cropped(whole, whole, np.array([box], np.float32), config, np.random.default_rng(seed))
    if crop == whole:  # fifty trials found none
        return
    shared = max(min(crop.right, box[2]) - max(crop.left, box[0]), 0)
    shared *= max(min(crop.bottom, box[3]) - max(crop.top, box[1]), 0)
    area = (crop.right - crop.left) * (crop.bottom - crop.top)
    assert shared / (area + (box[2] - box[0]) * (box[3] - box[1]) - shared) >= overlap - 1e-6
    assert crop.left < (box[0] + box[2]) / 2 < crop.right and crop.top < (box[1] + box[3]) / 2 < crop.bottom


@settings(deadline=None)
@given(SEEDS, st.floats(0.1, 1.0), st.floats(1.0, 3.0))
def test_crops_keep_to_their_scale_and_aspect(seed, scale, aspect):
    config = AugmentationConfig(crop_overlaps=(0.0,), crop_scale=scale, crop_aspect=aspect)
    whole = Window(0, 0, 1000, 1000)
    crop = cropped(whole, whole, np.zeros((0, 4), np.float32), config, np.random.default_rng(seed))
    width, height = crop.right - crop.left, crop.bottom - crop.top
    assert crop.left >= 0 and crop.top >= 0 and crop.right <= 1000 and crop.bottom <= 1000
    assert min(width, height) >= 1000 * scale - 1
    assert (width - 1) / (height + 1) <= aspect and (height - 1) / (width + 1) <= aspect


@settings(deadline=None)
@given(st.floats(0.2, 4.0), SEEDS)
def test_a_scaled_window_surrounds_the_image_or_lies_in_it(ratio, seed):
    left, top, right, bottom = scaled(100, 60, ratio, np.random.default_rng(seed))
    assert (right - left, bottom - top) == (int(100 * ratio), int(60 * ratio))
    if ratio > 1.0:
        assert left <= 0 and right >= 100 and top <= 0 and bottom >= 60
    else:
        assert 0 <= left < right <= 100 and 0 <= top < bottom <= 60


@pytest.mark.parametrize(
    "changes",
    [{"flip": 1.5}, {"zoom": (2.0, 1.0)}, {"crop_overlaps": ()}, {"crop_scale": 0.0}, {"fill": (0, 0, 300)}],
)
def test_settings_are_checked(changes):
    with pytest.raises(ConfigError, match=f"^{next(iter(changes))}: expected"):
        AugmentationConfig(**changes)


def test_speed():
    """Seen: 1 ms at 320 x 240; the bound leaves room for a busy machine."""
    sample = rectangles([[10, 20, 100, 120], [150, 100, 300, 220]], [1, 2], 320, 240)
    everything = AugmentationConfig(distortion=1.0, channel_swap=1.0, expansion=1.0, flip=1.0)
    rng, times = np.random.default_rng(0), []
    for _ in range(30):
        start = time.perf_counter()
        augment(sample, everything, rng)
        times.append(time.perf_counter() - start)
    assert np.median(times) < 0.02
