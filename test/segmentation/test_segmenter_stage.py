"""The segmenter as nodes and pipelines use it."""

import numpy as np
import pytest
import torch

from dl_robotics import checkpoint
from dl_robotics.checkpoint import Checkpoint, CheckpointError
from dl_robotics.config import ConfigError, to_dict
from dl_robotics.ops.preprocess import ImageError
from dl_robotics.segmentation.config import SegmenterConfig
from dl_robotics.segmentation.model import build_model
from dl_robotics.segmentation.settings import SegmenterSettings
from dl_robotics.segmentation.stage import Segmenter

CLASSES = ("background", "wall", "person")
SETTINGS = SegmenterConfig(classes=CLASSES, image_height=64, image_width=96)


def random_model(settings=SETTINGS):
    torch.manual_seed(0)
    model = build_model(settings)
    for name, weight in model.named_parameters():
        if name.startswith("scoring"):
            torch.nn.init.normal_(weight)
    return model.eval()


def saved(path, **changed):
    whole = {"kind": "segmenter", "weights": random_model().state_dict(), "config": to_dict(SETTINGS), **changed}
    checkpoint.save(path, Checkpoint(**whole))
    return path


@pytest.fixture
def image():
    return np.random.default_rng(0).integers(0, 256, (64, 96, 3)).astype(np.uint8)


@pytest.fixture
def segmenter(tmp_path):
    return Segmenter.load(saved(tmp_path / "model.safetensors"), backend="torch")


def test_gives_what_the_network_and_softmax_give(segmenter, image):
    normalised = (image / 255.0 - SETTINGS.mean) / SETTINGS.std
    with torch.no_grad():
        probabilities = random_model()(torch.from_numpy(normalised.astype(np.float32)).permute(2, 0, 1)[None]).softmax(
            1
        )
    best, ids = probabilities[0].max(0)
    found = segmenter(image)
    assert (found.ids == ids.numpy()).mean() > 0.999  # but for ties within rounding
    np.testing.assert_allclose(found.confidence / 255.0, best.numpy(), atol=0.003)


@pytest.mark.parametrize(("height", "width"), [(64, 96), (480, 640), (33, 47), (1, 1)])
def test_answers_at_the_size_of_the_image(segmenter, height, width):
    found = segmenter(np.zeros((height, width, 3), np.uint8))
    assert found.ids.shape == found.confidence.shape == (height, width)
    assert found.ids.dtype == found.confidence.dtype == np.uint8
    assert found.ids.max() < len(CLASSES)


def test_results_stay_what_they_were(segmenter, image):
    first = segmenter(image)
    kept = first.ids.copy()
    segmenter(255 - image)
    assert (first.ids == kept).all()


def test_read_only_and_strided_images_are_read(segmenter, image):
    expected = segmenter(image).ids
    image.flags.writeable = False
    assert (segmenter(image).ids == expected).all()
    assert (segmenter(np.asfortranarray(image)).ids == expected).all()


def test_unsure_pixels_get_the_class_that_is_set(segmenter, image):
    sure = segmenter(image)
    segmenter.settings = SegmenterSettings(min_confidence=0.7)
    found = segmenter(image)
    unsure = sure.confidence < 0.7 * 255
    assert 0 < unsure.sum() < unsure.size
    assert (found.ids == np.where(unsure, 255, sure.ids)).all()
    assert (found.confidence == sure.confidence).all()
    segmenter.settings = SegmenterSettings(min_confidence=0.7, unsure_class=0)
    assert (segmenter(image).ids == np.where(unsure, 0, sure.ids)).all()


def test_exported_network_agrees(tmp_path, segmenter, image):
    exported = Segmenter.load(tmp_path / "model.safetensors", backend="onnxruntime")
    assert exported.backend.name == "onnxruntime"
    expected, found = segmenter(image), exported(image)
    assert (found.ids == expected.ids).mean() > 0.999
    np.testing.assert_allclose(found.confidence.astype(int), expected.confidence.astype(int), atol=1)


def test_knows_its_classes_and_forgets_nothing(segmenter, image):
    assert segmenter.classes == CLASSES
    before = segmenter(image).ids
    segmenter.reset()
    assert (segmenter(image).ids == before).all()


@pytest.mark.parametrize("shape", [(64, 96), (64, 96, 4), (0, 0, 3)])
def test_what_is_no_image_is_refused(segmenter, shape):
    with pytest.raises(ImageError):
        segmenter(np.zeros(shape, np.uint8))


def test_checkpoints_of_other_kinds_are_refused(tmp_path):
    with pytest.raises(CheckpointError, match="expected a checkpoint of kind 'segmenter', got 'detector'"):
        Segmenter.load(saved(tmp_path / "model.safetensors", kind="detector"))


def test_settings_that_are_not_a_segmenters_are_refused_with_the_file(tmp_path):
    path = saved(tmp_path / "model.safetensors", config={"classes": list(CLASSES), "anchors": 9})
    with pytest.raises(ConfigError, match=r"model\.safetensors: config\.anchors: unknown key"):
        Segmenter.load(path)


def test_weights_of_another_network_are_refused(tmp_path):
    path = saved(tmp_path / "model.safetensors", config={**to_dict(SETTINGS), "classes": ["a", "b"]})
    with pytest.raises(CheckpointError, match=r"model\.safetensors: its weights do not fit its settings.*scoring"):
        Segmenter.load(path)
