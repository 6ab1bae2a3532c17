"""Preprocessing: what torch computes in three passes over floating-point images."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_robotics.config import ConfigError
from dl_robotics.ops.preprocess import ImageError, Preprocess, taps

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # ImageNet's
SIZES = st.integers(1, 90)


def random_image(height, width, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def by_torch(image, height, width, mean=MEAN, std=STD):
    floats = torch.from_numpy(image.copy()).permute(2, 0, 1)[None].float()
    resized = torch.nn.functional.interpolate(floats, (height, width), mode="bilinear", align_corners=False)
    return ((resized / 255 - torch.tensor(mean).reshape(3, 1, 1)) / torch.tensor(std).reshape(3, 1, 1)).numpy()


def assert_equal_to_torch(found, image):
    height, width = found.shape[-2:]
    expected = by_torch(image, height, width)
    np.testing.assert_allclose(found.reshape(expected.shape), expected, rtol=0, atol=1e-5 * np.ptp(expected) + 1e-6)


@settings(max_examples=60, deadline=None)
@given(SIZES, SIZES, SIZES, SIZES, st.integers(0, 9))
def test_equals_torch_at_any_size(height, width, out_height, out_width, seed):
    image = random_image(height, width, seed)
    assert_equal_to_torch(Preprocess(out_height, out_width, MEAN, STD)(image), image)


@pytest.mark.parametrize(("count", "wanted"), [(1999, 300), (3000, 713), (500, 3001)])
def test_equals_torch_on_long_images(count, wanted):
    """There a position rounded in another way shows."""
    image = random_image(3, count)
    assert_equal_to_torch(Preprocess(3, wanted, MEAN, STD)(image), image)


def test_worked_example():
    """Halving (0, 100, 200, 250) samples between the pairs; doubling (0, 100) samples at quarters, held at the ends."""
    grey = np.array([0, 100, 200, 250], np.uint8)[None, :, None].repeat(3, axis=2)
    halved = Preprocess(1, 2, (0.0, 0.0, 0.0), (1 / 255,) * 3)(grey)
    assert halved[0, 0, 0].tolist() == [50.0, 225.0]
    doubled = Preprocess(1, 4, (0.0, 0.0, 0.0), (1 / 255,) * 3)(grey[:, :2])
    assert doubled[0, 2, 0].tolist() == [0.0, 25.0, 75.0, 100.0]


def test_channels_come_first_and_each_has_its_own_mean_and_deviation():
    image = np.broadcast_to(np.array([51, 102, 204], np.uint8), (4, 4, 3))
    out = Preprocess(2, 3, (0.1, 0.2, 0.3), (0.5, 0.1, 0.25))(image)
    assert out.shape == (1, 3, 2, 3)
    np.testing.assert_allclose(out[0, :, 0, 0], [0.2, 2.0, 2.0], rtol=1e-6)


def test_the_same_size_leaves_every_value_exact():
    image = random_image(37, 53)
    same = Preprocess(37, 53, (0.0, 0.0, 0.0), (1 / 255,) * 3)(image)
    np.testing.assert_array_equal(same[0], image.transpose(2, 0, 1))


@pytest.mark.parametrize("view", [lambda i: i[::-1, ::-1], lambda i: i[:, 3:-4], lambda i: i.transpose(1, 0, 2)])
def test_views_and_read_only_images_count_as_their_copies(view):
    image = random_image(40, 50)
    image.flags.writeable = False
    process = Preprocess(16, 24, MEAN, STD)
    assert_equal_to_torch(process(view(image)), view(image))
    assert image.flags.writeable is False


def test_the_buffer_is_reused_and_places_of_the_callers_are_not():
    process, first, second = Preprocess(8, 8, MEAN, STD), random_image(9, 9, 1), random_image(5, 20, 2)
    out = process(first)
    mine = np.empty((3, 8, 8), np.float32)
    process.into(first, mine)
    assert process(second) is out
    assert_equal_to_torch(out[0], second)
    assert_equal_to_torch(mine, first)


@pytest.mark.parametrize(
    ("image", "named"),
    [
        (np.zeros((4, 5), np.uint8), r"got \(4, 5\) uint8, a grey image"),
        (np.zeros((4, 5, 1), np.uint8), r"got \(4, 5, 1\) uint8, a grey image"),
        (np.zeros((4, 5, 4), np.uint8), r"got \(4, 5, 4\) uint8, an image with alpha"),
        (np.zeros((4, 5, 3), np.float32), r"got \(4, 5, 3\) float32"),
        (np.zeros((1, 3, 4, 5), np.uint8), r"got \(1, 3, 4, 5\) uint8, no image"),
        (np.zeros((0, 5, 3), np.uint8), r"got \(0, 5, 3\) uint8, an empty image"),
    ],
)
def test_what_is_no_image_is_refused_by_name(image, named):
    with pytest.raises(ImageError, match=r"expected \(height, width, 3\) uint8, red first; " + named):
        Preprocess(2, 2, MEAN, STD)(image)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ((0, 2, MEAN, STD), "height, width: expected > 0"),
        ((2, 2, MEAN[:2], STD), "mean: expected three numbers"),
        ((2, 2, MEAN, (1.0, 0.0, 1.0)), "std: expected three numbers > 0"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_by_name(settings, named):
    with pytest.raises(ConfigError, match=named):
        Preprocess(*settings)


@given(st.integers(1, 4000), st.integers(1, 4000))
def test_taps_stay_inside(count, wanted):
    lower, upper, weight = taps(count, wanted)
    assert lower.min() >= 0
    assert upper.max() < count
    assert np.all((upper == lower + 1) | (lower == count - 1))
    assert np.all((weight >= 0) & (weight <= 1))
    assert np.all(np.diff(lower + weight) >= 0)
