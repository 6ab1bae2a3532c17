"""The task of training detectors: both heads must learn, and data that cannot be learned from is refused by name."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from rectangles import CLASSES, HEIGHT, WIDTH, rectangles

from dl_robotics.config import ConfigError
from dl_robotics.data.augmentation import AugmentationConfig
from dl_robotics.data.errors import DataError
from dl_robotics.detection.config import detector_config
from dl_robotics.detection.learning import DetectionTask, with_anchors

TRAIN, VALIDATION = rectangles(64, seed=0), rectangles(24, seed=1)
FLIPS = AugmentationConfig(distortion=0.0, expansion=0.0, crop=0.0)
SIZE = {"image_height": HEIGHT, "image_width": WIDTH}


def task_of(**settings):
    torch.manual_seed(0)
    config = with_anchors(detector_config(CLASSES, {**SIZE, "anchor_count": 3, **settings}), TRAIN)
    return DetectionTask(config, FLIPS)


def learn(task, steps):
    optimizer, rng = torch.optim.AdamW(task.model.parameters(), 3e-3), np.random.default_rng(0)
    task.model.train()
    for _ in range(steps):
        batch = task.collate([task.prepare(TRAIN[i], rng) for i in rng.integers(len(TRAIN), size=12)])
        optimizer.zero_grad()
        torch.stack(list(task.loss(batch).values())).sum().backward()
        optimizer.step()


@pytest.mark.parametrize(
    "settings", [{"architecture": "ssd"}, {"architecture": "grid"}], ids=lambda s: s["architecture"]
)
def test_learns_in_seconds(settings):
    task = task_of(**settings)
    before = task.evaluate(VALIDATION)["AP50"]
    learn(task, 50)
    figures = task.evaluate(VALIDATION)
    assert before < 0.2
    assert figures["AP50"] > 0.6, figures
    assert not task.model.training


def test_targets_move_with_a_flip():
    task = task_of()
    sample = next(s for s in TRAIN if len(s.boxes))
    left, top, right, bottom = sample.boxes[0]
    mirrored = np.array([[WIDTH - right, top, WIDTH - left, bottom]], np.float32)
    wanted = task.prepare(replace(sample, image=sample.image[:, ::-1], boxes=mirrored), None)
    task.augmentation = replace(FLIPS, flip=1.0)
    got = task.prepare(sample, np.random.default_rng(0))
    np.testing.assert_array_equal(got.image, wanted.image)
    np.testing.assert_array_equal(got.targets.labels, wanted.targets.labels)
    np.testing.assert_allclose(got.targets.offsets, wanted.targets.offsets, atol=1e-4)


def test_images_without_objects_make_a_batch():
    task = task_of()
    empty = [s for s in TRAIN if not len(s.boxes)][:2]
    parts = task.loss(task.collate([task.prepare(sample, None) for sample in empty]))
    assert parts["box"].item() == 0.0
    assert 0.0 < parts["class"].item() < float("inf")


def test_boxes_too_small_to_see_teach_nothing():
    speck = replace(TRAIN[0], boxes=np.array([[5, 5, 5.4, 30]], np.float32), labels=np.array([1]))
    assert not task_of().prepare(speck, None).targets.labels.any()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"boxes": None, "labels": None}, "a rectangle at .*: expected labelled boxes, got none"),
        ({"labels": np.array([3])}, "a rectangle at .*: labels: expected class ids 1 to 2, got 3"),
        ({"labels": np.array([0])}, "expected class ids 1 to 2, got 0"),
    ],
)
def test_unusable_labels_are_refused_by_name(changed, said):
    sample = next(s for s in TRAIN if len(s.boxes))
    with pytest.raises(DataError, match=said):
        task_of().prepare(replace(sample, **changed), None)


def test_validation_without_any_object_is_refused():
    with pytest.raises(DataError, match="at least one labelled object"):
        task_of().evaluate([s for s in TRAIN if not len(s.boxes)])


def test_anchors_come_from_the_boxes():
    config = with_anchors(detector_config(CLASSES, {"architecture": "grid", "anchor_count": 4, **SIZE}), TRAIN)
    sides = np.array(config.anchors)
    assert sides.shape == (4, 2)
    assert ((sides >= 16) & (sides < 40)).all()


def test_given_anchors_stay():
    config = detector_config(CLASSES, {"architecture": "grid", "anchors": ((5.0, 6.0),)})
    assert with_anchors(config, TRAIN) is config


def test_anchors_need_boxes():
    with pytest.raises(ConfigError, match="anchors"):
        with_anchors(detector_config(CLASSES, {"architecture": "grid"}), [s for s in TRAIN if not len(s.boxes)])
