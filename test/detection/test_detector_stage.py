"""A detector from its checkpoint to detections, with a network whose answers are known."""

import numpy as np
import pytest
import torch

from dl_robotics import checkpoint
from dl_robotics.checkpoint import Checkpoint, CheckpointError
from dl_robotics.config import ConfigError, to_dict
from dl_robotics.detection.config import detector_config
from dl_robotics.detection.model import KIND, build_detector, make_coding
from dl_robotics.detection.settings import DetectorSettings
from dl_robotics.detection.stage import Detector
from dl_robotics.ops.boxes import to_corners
from dl_robotics.ops.preprocess import ImageError

CLASSES = ("background", "person", "box")
CONFIG = detector_config(CLASSES, {"image_height": 64, "image_width": 96, "pyramid_channels": 32})
CODING = make_coding(CONFIG)
IMAGE = np.zeros((128, 288, 3), np.uint8)  # twice as high and three times as wide as the network's input


class Scripted:
    """Calls prior ``number`` a ``label`` with a logit, everything else surely background; boxes are the priors."""

    name = "scripted"

    def __init__(self, *calls):
        self.logits = np.zeros((1, len(CODING), len(CLASSES)), np.float32)
        self.logits[..., 0] = 20.0
        for number, label, logit in calls:
            self.logits[0, number, label] = logit

    def __call__(self, images):
        assert images.shape == (1, 3, 64, 96)
        return self.logits, np.zeros((1, len(CODING), 4), np.float32)


def save(path, **changes):
    weights = build_detector(CONFIG).state_dict()
    checkpoint.save(path, Checkpoint(**{"kind": KIND, "weights": weights, "config": to_dict(CONFIG), **changes}))


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("detector") / "random.safetensors"
    save(path)
    return path


def test_detections_are_in_pixels_of_the_image():
    number = int(np.flatnonzero((CODING.priors[:, :2] == [44, 28]).all(axis=1))[0])  # wholly within the image
    found = Detector(CONFIG, Scripted((number, 2, 20.0 + np.log(3))), CODING)(IMAGE)
    assert found.labels.tolist() == [2]
    assert found.scores[0] == pytest.approx(0.75)
    np.testing.assert_allclose(found.boxes, to_corners(CODING.priors[[number]]) * [3, 2, 3, 2], rtol=1e-5)


def test_detections_end_at_the_border():
    everywhere = Scripted(*((number, 1, 30.0) for number in range(len(CODING))))
    boxes = Detector(CONFIG, everywhere, CODING)(IMAGE).boxes
    assert (boxes.min(), boxes[:, 2].max(), boxes[:, 3].max()) == (0.0, 288.0, 128.0)


def test_nothing_found_is_an_empty_result():
    found = Detector(CONFIG, Scripted(), CODING)(IMAGE)
    assert (found.boxes.shape, found.labels.shape, found.scores.shape) == ((0, 4), (0,), (0,))


def test_settings_change_while_running():
    detector = Detector(CONFIG, Scripted((0, 1, 21.0), (300, 2, 22.0), (450, 1, 19.0)), CODING)
    assert detector(IMAGE).labels.tolist() == [2, 1, 1]
    detector.settings = DetectorSettings(score_threshold=0.5)
    assert detector(IMAGE).labels.tolist() == [2, 1]
    detector.settings = DetectorSettings(score_threshold=0.5, max_detections=1)
    assert detector(IMAGE).labels.tolist() == [2]
    detector.settings = DetectorSettings(score_threshold=0.1, classes=("person",))
    assert detector(IMAGE).labels.tolist() == [1, 1]


@pytest.mark.parametrize("names", [("person", "cat"), ("background",)])
def test_unknown_classes_are_refused_and_change_nothing(names):
    detector = Detector(CONFIG, Scripted((0, 1, 30.0)), CODING)
    before = detector.settings
    with pytest.raises(ConfigError, match=f"classes: expected names among person, box, got '{names[-1]}'"):
        detector.settings = DetectorSettings(classes=names)
    assert detector.settings is before
    assert len(detector(IMAGE)) == 1


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_none_are_refused(value):
    with pytest.raises(FloatingPointError, match="expected finite numbers from the network"):
        Detector(CONFIG, Scripted((7, 1, value)), CODING)(IMAGE)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 700, 3), (2000, 3, 3)])
def test_images_of_any_size(saved, shape):
    detector = Detector.load(saved, backend="torch")
    found = detector(np.full(shape, 200, np.uint8))
    assert np.isfinite(found.boxes).all()
    assert (found.boxes >= 0).all()
    assert (found.boxes <= np.array([shape[1], shape[0]] * 2) * (1 + 1e-6)).all()


@pytest.mark.parametrize(
    "image",
    [np.zeros((9, 9), np.uint8), np.zeros((9, 9, 4), np.uint8), np.zeros((9, 9, 3)), np.zeros((0, 9, 3), np.uint8)],
)
def test_what_is_no_image_is_refused_by_name(image):
    with pytest.raises(ImageError, match=r"image: expected \(height, width, 3\) uint8, red first; got"):
        Detector(CONFIG, Scripted(), CODING)(image)


@pytest.mark.parametrize("backend", ["onnxruntime", "openvino"])
def test_backends_agree(saved, backend):
    image = np.random.default_rng(0).integers(0, 255, IMAGE.shape).astype(np.uint8)
    expected = Detector.load(saved, backend="torch")
    found = Detector.load(saved, backend=backend)
    assert (found.backend.name, found.classes) == (backend, CLASSES)
    a, b = (detector.backend(detector._preprocess(image)) for detector in (expected, found))
    for one, other in zip(a, b, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)
    assert len(found(image)) == len(expected(image)) > 0


def test_loads_what_was_saved(saved):
    detector = Detector.load(saved, backend="torch")
    assert detector.config == CONFIG
    assert (detector.settings.score_threshold, detector.settings.max_detections) == (0.01, 200)


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"kind": "segmenter"}, CheckpointError, "expected a checkpoint of kind 'detector', got 'segmenter'"),
        ({"config": {**to_dict(CONFIG), "classes": ["background", "one"]}}, CheckpointError, "do not fit its settings"),
        ({"weights": {"w": torch.zeros(1)}}, CheckpointError, "do not fit its settings"),
        ({"config": {}}, ConfigError, "config.classes: missing"),
    ],
)
def test_other_checkpoints_are_refused(changes, error, said, tmp_path):
    save(tmp_path / "other.safetensors", **changes)
    with pytest.raises(error, match=said):
        Detector.load(tmp_path / "other.safetensors", backend="torch")


def test_reset_changes_nothing():
    detector = Detector(CONFIG, Scripted((0, 1, 30.0)), CODING)
    before = detector(IMAGE)
    detector.reset()
    np.testing.assert_array_equal(detector(IMAGE).boxes, before.boxes)
