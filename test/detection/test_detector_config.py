"""What a detector can be told, and the networks that follow from it."""

import pytest
import torch

from dl_robotics.config import ConfigError, from_dict, to_dict
from dl_robotics.detection.config import PRESETS, DetectorConfig, detector_config
from dl_robotics.detection.model import build_detector, make_coding, map_sizes
from dl_robotics.nn.backbones import PLANS

CLASSES = ("background", "person", "box", "robot")


@pytest.mark.parametrize("architecture", PRESETS)
def test_survives_a_checkpoint(architecture):
    config = detector_config(CLASSES, {"architecture": architecture})
    assert from_dict(DetectorConfig, to_dict(config)) == config


def test_a_recipe_replaces_what_the_architecture_has():
    config = detector_config(CLASSES, {"architecture": "ssd300_vgg16", "score_threshold": 0.2})
    assert (config.image_height, config.score_threshold) == (300, 0.2)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"backbone": "resnet"}, "backbone"),
        ({"strides": (7,)}, "strides: expected among 4, 8, 16, 32"),
        ({"aspect_ratios": ((0.0,),)}, "> 0"),
        ({"min_scale": 0.9, "max_scale": 0.2}, "min_scale"),
        ({"image_height": 0}, "image_height: expected >= 1"),
        ({"score_threshold": 1.5}, "score_threshold"),
        ({"unheard_of": 1}, "model.unheard_of: unknown key"),
        ({"loss": {"label_smoothing": 2.0}}, "label_smoothing"),
    ],
)
def test_settings_that_cannot_be_are_refused_by_name(settings, said):
    with pytest.raises(ConfigError, match=said):
        build_detector(detector_config(CLASSES, settings))


@pytest.mark.parametrize("classes", [(), ("background",), ("person", "box"), ("background", "box", "box")])
def test_classes_that_cannot_be_are_refused(classes):
    with pytest.raises(ConfigError, match="classes"):
        DetectorConfig(classes)


@pytest.mark.parametrize("pyramid", [0, 96])
def test_the_small_detector_is_small(pyramid):
    settings = {"pyramid_channels": pyramid, "aspect_ratios": ((2.0, 3.0),)}
    model = build_detector(detector_config(CLASSES, settings))
    assert sum(weight.numel() for weight in model.parameters()) < 1_000_000
    assert sum(weight.numel() * weight.element_size() for weight in model.state_dict().values()) < 5_000_000


@pytest.mark.parametrize("backbone", PLANS)
@pytest.mark.parametrize(("head", "pyramid"), [("dense", 0), ("separable", 0), ("dense", 24)])
def test_any_backbone_and_an_odd_size(backbone, head, pyramid):
    settings = {
        "backbone": backbone,
        "head": head,
        "pyramid_channels": pyramid,
        "image_height": 70,
        "image_width": 101,
        "extra_channels": (64, 32),
    }
    config = detector_config(CLASSES, {**settings, "strides": (16, 32)})
    logits, offsets = build_detector(config).eval()(torch.zeros(1, 3, 70, 101))
    assert map_sizes(config) == [(5, 7), (3, 4), (2, 2), (1, 1)]
    count = len(make_coding(config))
    assert logits.shape == (1, count, 4)
    assert offsets.shape == (1, count, 4)


@pytest.mark.parametrize("settings", [{}, {"head": "separable"}, {"architecture": "grid", "anchors": ((9.0, 9.0),)}])
def test_an_untrained_network_can_expect_background(settings):
    config = detector_config(CLASSES, {**settings, "prior_probability": 0.01, "image_height": 64, "image_width": 64})
    torch.manual_seed(0)
    logits, offsets = build_detector(config).eval()(torch.zeros(1, 3, 64, 64))
    probabilities, _ = make_coding(config).decode(logits[0].detach().numpy(), offsets[0].detach().numpy())
    assert (1.0 - probabilities[:, 0]).mean() == pytest.approx(0.01, rel=0.2)
