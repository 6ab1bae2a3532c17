"""Torchvision's SSD models: the names of their weights, and the numbers that torchvision 0.29 gives for known ones."""

import hashlib

import numpy as np
import pytest
import torch

from dl_robotics import checkpoint
from dl_robotics.config import ConfigError
from dl_robotics.detection.coco import COCO_CLASSES, load_torchvision
from dl_robotics.detection.config import detector_config
from dl_robotics.detection.model import build_detector, load_model, make_coding
from dl_robotics.detection.stage import Detector
from dl_robotics.inference.torch_backend import TorchBackend
from dl_robotics.nn.pretrained import WeightsError

LITE, VGG = "ssdlite320_mobilenet_v3_large", "ssd300_vgg16"
PARAMETERS = {VGG: 35_641_826, LITE: 3_440_060}
NAMES = {  # SHA-256 of torchvision's sorted names and shapes
    VGG: "37b8309da6ce732deda2f15e9790c71ff04bfdb519ab8fa6080bb7dfcf622859",
    LITE: "f716bcf8374cdea34fe418a4c4a1ef4dc2e1310fc06caf4aa9ed0650af79775b",
}
# What torchvision finds in picture() with the weights of fill(): how many, the sum of the scores, the best three.
FOUND = {
    VGG: (
        200,
        5.4180,
        [11, 2, 61],
        [0.0301540, 0.0299756, 0.0298322],
        [
            [83.9952927, 96.1403122, 160.0, 120.0],
            [83.9952927, 96.1403122, 160.0, 120.0],
            [112.7537613, 0.0, 160.0, 43.5677605],
        ],
    ),
    LITE: (
        300,
        50.8840103,
        [37, 38, 38],
        [0.2035916, 0.1982196, 0.1978365],
        [
            [0.0, 108.6649323, 37.2973251, 120.0],
            [69.5455093, 0.0, 160.0, 18.5080833],
            [37.5294571, 0.0, 133.3998413, 18.4945278],
        ],
    ),
}


def fill(model):
    """Weights that no random generator has to agree on."""
    state = {}
    for number, (name, old) in enumerate(model.state_dict().items()):
        step = 0.7 + 0.013 * number
        wave = torch.sin(torch.arange(old.numel(), dtype=torch.float64) * step + number).reshape(old.shape)
        if old.ndim > 1:
            value = wave * (4.0 / old[0].numel()) ** 0.5 * (10.0 if name.startswith("head.classification") else 1.0)
        elif name.endswith("running_var"):
            value = 1.5 + wave
        else:
            value = 1.0 + 0.3 * wave if name.endswith("weight") else 0.2 * wave
        state[name] = value.to(old.dtype)
    model.load_state_dict(state)


def picture():
    y, x, c = np.ogrid[:120, :160, :3]
    return (127.5 + 127.5 * np.sin(0.05 * x * (c + 1) + 0.002 * x * y + 0.03 * y * (3 - c))).astype(np.uint8)


def model_of(architecture, classes=COCO_CLASSES):
    return build_detector(detector_config(classes, {"architecture": architecture}))


@pytest.mark.parametrize("architecture", [VGG, LITE])
def test_names_shapes_and_number_of_weights(architecture):
    with torch.device("meta"):
        model = model_of(architecture)
    lines = sorted(f"{name} {tuple(weight.shape)}" for name, weight in model.state_dict().items())
    assert hashlib.sha256("\n".join(lines).encode()).hexdigest() == NAMES[architecture]
    assert sum(weight.numel() for weight in model.parameters()) == PARAMETERS[architecture]


@pytest.mark.parametrize("architecture", [VGG, LITE])
def test_finds_what_torchvision_finds(architecture):
    config = detector_config(COCO_CLASSES, {"architecture": architecture})
    model = build_detector(config)
    fill(model)
    found = Detector(config, TorchBackend(model, "cpu", 1), make_coding(config))(picture())
    count, total, labels, scores, boxes = FOUND[architecture]
    assert len(found) == count
    assert found.scores.sum() == pytest.approx(total, rel=1e-4)
    assert found.labels[:3].tolist() == labels
    np.testing.assert_allclose(found.scores[:3], scores, rtol=1e-4)
    np.testing.assert_allclose(found.boxes[:3], boxes, atol=2e-3)


def test_classes_are_numbered_as_cocos_categories():
    expected = {1: "person", 13: "stop sign", 44: "bottle", 67: "dining table", 70: "toilet", 90: "toothbrush"}
    assert {number: COCO_CLASSES[number] for number in expected} == expected
    assert len(COCO_CLASSES) == 91
    assert sum(not name.startswith("unused") for name in COCO_CLASSES[1:]) == 80


def test_a_published_file_becomes_a_detector(tmp_path):
    torch.save(model_of(LITE).state_dict(), tmp_path / "published.pth")
    checkpoint.save(tmp_path / "coco.safetensors", load_torchvision(tmp_path / "published.pth", LITE))
    model, config = load_model(tmp_path / "coco.safetensors")
    published = torch.load(tmp_path / "published.pth")
    assert all(torch.equal(weight, published[name]) for name, weight in model.state_dict().items())
    assert config.classes == COCO_CLASSES


@pytest.mark.parametrize(
    ("architecture", "classes", "said"),
    [(VGG, ("background", "thing"), "does not fit ssd300_vgg16"), (LITE, COCO_CLASSES, "with 91 classes")],
)
def test_weights_of_another_model_are_refused(architecture, classes, said, tmp_path):
    torch.save(model_of(LITE, ("background", "thing")).state_dict(), tmp_path / "lite.pth")
    with pytest.raises(WeightsError, match=said):
        load_torchvision(tmp_path / "lite.pth", architecture, classes)


def test_models_that_torchvision_does_not_have_are_refused(tmp_path):
    with pytest.raises(ConfigError, match="architecture: expected one of ssd300_vgg16"):
        load_torchvision(tmp_path / "none.pth", "grid")
