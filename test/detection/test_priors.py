"""Priors against Liu et al. 2016 and against numbers worked out by hand."""

import numpy as np
import pytest

from dl_robotics.config import ConfigError
from dl_robotics.detection.config import PRESETS, detector_config
from dl_robotics.detection.model import make_coding
from dl_robotics.detection.priors import prior_scales, prior_shapes, priors_of

CLASSES = ("background", "thing")
SSD300_MAPS = [(38, 38), (19, 19), (10, 10), (5, 5), (3, 3), (1, 1)]


def test_equation_4():
    assert prior_scales(6, 0.2, 0.9) == pytest.approx((0.2, 0.34, 0.48, 0.62, 0.76, 0.9, 1.0))


def test_shapes_at_one_place():
    root = 2.0**0.5
    expected = [(0.1, 0.1), (0.02**0.5, 0.02**0.5), (0.1 * root, 0.1 / root), (0.1 / root, 0.1 * root)]
    np.testing.assert_allclose(prior_shapes(0.1, 0.2, (2.0,)), expected)


def test_no_shape_is_larger_than_the_image():
    assert prior_shapes(0.9, 1.3, (4.0,))[1:3] == [(1.0, 1.0), (1.0, 0.45)]


@pytest.mark.parametrize(("architecture", "count"), [("ssd300_vgg16", 8732), ("ssdlite320_mobilenet_v3_large", 3234)])
def test_number_of_priors_of_the_papers(architecture, count):
    assert len(make_coding(detector_config(CLASSES, {"architecture": architecture}))) == count


def test_first_and_last_priors_of_ssd300():
    priors = priors_of(detector_config(CLASSES, PRESETS["ssd300_vgg16"]), SSD300_MAPS)
    larger, root = 300 * (0.07 * 0.15) ** 0.5, 2.0**0.5
    expected = [[4, 4, 21, 21], [4, 4, larger, larger], [4, 4, 21 * root, 21 / root], [4, 4, 21 / root, 21 * root]]
    np.testing.assert_allclose(priors[:4], expected, rtol=1e-6)
    assert priors[4, :2].tolist() == [12, 4]  # along the row first
    assert priors[-4].tolist() == pytest.approx([150, 150, 261, 261])
    assert priors[-3].tolist() == pytest.approx([150, 150, 300 * (0.87 * 1.05) ** 0.5, 300 * (0.87 * 1.05) ** 0.5])


def test_scales_are_of_the_shorter_side():
    config = detector_config(CLASSES, {"image_height": 100, "image_width": 200, "scales": (0.2, 0.5)})
    assert priors_of(config, [(1, 2)])[::4].tolist() == [[50, 50, 20, 20], [150, 50, 20, 20]]


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"scales": (0.1, 0.2)}, "scales"),
        ({"steps": (8, 16)}, "steps"),
        ({"aspect_ratios": ((2.0,), (2.0,))}, "aspect_ratios"),
    ],
)
def test_another_number_of_maps_is_refused(settings, name):
    with pytest.raises(ConfigError, match=f"{name}: expected .*4"):
        priors_of(detector_config(CLASSES, settings), [(8, 8), (4, 4), (2, 2), (1, 1)][: 4 if name != "scales" else 3])
