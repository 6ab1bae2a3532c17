"""The task of the supervised loop: a small network learns, and everything unusable is refused by name."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from squares_and_discs import CLASSES, HEIGHT, WIDTH, squares_and_discs

from dl_robotics.config import ConfigError, from_dict
from dl_robotics.data.augmentation import AugmentationConfig
from dl_robotics.data.errors import DataError
from dl_robotics.data.sample import IGNORED
from dl_robotics.segmentation.config import LossConfig, SegmenterConfig
from dl_robotics.segmentation.learning import SegmentationTask, count_pixels

SETTINGS = SegmenterConfig(classes=CLASSES, image_height=HEIGHT, image_width=WIDTH)
GENTLE = AugmentationConfig(distortion=0.0, expansion=0.0, crop=0.0)


@pytest.fixture(scope="module")
def samples():
    return squares_and_discs(16, seed=1)


@pytest.fixture(scope="module")
def task():
    torch.manual_seed(0)
    return SegmentationTask(SETTINGS, GENTLE)


@pytest.mark.parametrize(
    "changed",
    [{}, {"loss": LossConfig("median_frequency", 0.05)}, {"fused_channels": 16}],
    ids=["plain", "weighed", "wide"],
)
def test_small_network_learns(samples, changed):
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    scenes = squares_and_discs(64, seed=0)
    task = SegmentationTask(replace(SETTINGS, **changed), GENTLE, count_pixels(scenes, len(CLASSES)))
    optimizer = torch.optim.AdamW(task.model.parameters(), 3e-3)
    before = task.evaluate(samples)["miou"]
    for _ in range(40):
        task.model.train()
        chosen = rng.choice(len(scenes), 8, replace=False)
        parts = task.loss(task.collate([task.prepare(scenes[n], rng) for n in chosen]))
        optimizer.zero_grad()
        sum(parts.values()).backward()
        optimizer.step()
    figures = task.evaluate(samples)
    assert before < 0.35
    assert figures["miou"] > 0.75
    assert figures["miou"] == pytest.approx(np.mean([figures[f"iou/{name}"] for name in CLASSES]))


def test_examples_are_normalised_and_of_the_networks_size(task, samples):
    large = replace(
        samples[0], image=samples[0].image.repeat(2, 0).repeat(2, 1), mask=samples[0].mask.repeat(2, 0).repeat(2, 1)
    )
    example = task.prepare(large, None)
    expected = (samples[0].image / 255.0 - SETTINGS.mean) / SETTINGS.std
    np.testing.assert_allclose(example.image, expected.transpose(2, 0, 1), atol=1e-5)
    assert (example.mask == samples[0].mask).all()


def test_mask_moves_with_the_image(task, samples):
    flipped = SegmentationTask(SETTINGS, replace(GENTLE, flip=1.0)).prepare(samples[0], np.random.default_rng(0))
    plain = task.prepare(samples[0], None)
    assert (flipped.mask == plain.mask[:, ::-1]).all()
    np.testing.assert_allclose(flipped.image, plain.image[:, :, ::-1])
    assert (flipped.mask != plain.mask).any()


def test_equal_generators_give_equal_examples(samples):
    task = SegmentationTask(SETTINGS)
    one, other = (task.prepare(samples[0], np.random.default_rng(7)) for _ in range(2))
    assert (one.image == other.image).all()
    assert (one.mask == other.mask).all()


def test_batches_are_tensors(task, samples):
    batch = task.collate([task.prepare(sample, None) for sample in samples[:3]])
    assert batch.images.shape == (3, 3, HEIGHT, WIDTH)
    assert batch.images.dtype == torch.float32
    assert batch.masks.shape == (3, HEIGHT, WIDTH)
    assert batch.masks.dtype == torch.uint8


def test_first_loss_is_that_of_knowing_nothing(samples):
    task = SegmentationTask(SETTINGS)
    parts = task.loss(task.collate([task.prepare(sample, None) for sample in samples[:2]]))
    assert parts["cross_entropy"].item() == pytest.approx(np.log(len(CLASSES)), rel=1e-4)


def test_evaluation_counts_at_the_samples_own_size_and_leaves_evaluation_mode(task, samples):
    task.model.train()
    ignored = samples[0].mask.copy()
    ignored[:, : WIDTH // 2] = IGNORED
    figures = task.evaluate([replace(samples[0], mask=ignored)])
    assert not task.model.training
    assert set(figures) == {"miou", "accuracy", *(f"iou/{name}" for name in CLASSES)}


def test_settings_rebuild_the_model(task):
    assert from_dict(SegmenterConfig, task.config()) == SETTINGS
    assert task.config()["classes"] == list(CLASSES)


@pytest.mark.parametrize(
    ("mask", "message"),
    [
        (None, r"scene\[0\]: expected a mask, got none"),
        (np.full((HEIGHT, WIDTH), 3, np.uint8), r"scene\[0\]: mask: expected class ids 0 to 2 or 255, got 3"),
    ],
    ids=["none", "unknown class"],
)
@pytest.mark.parametrize("use", ["prepare", "evaluate", "count"])
def test_unusable_masks_are_refused_with_their_source(task, samples, mask, message, use):
    sample = replace(samples[0], mask=mask)
    uses = {
        "prepare": lambda: task.prepare(sample, np.random.default_rng(0)),
        "evaluate": lambda: task.evaluate([sample]),
        "count": lambda: count_pixels([sample], len(CLASSES)),
    }
    with pytest.raises(DataError, match=message):
        uses[use]()


def test_weighing_needs_the_counts():
    settings = replace(SETTINGS, loss=LossConfig(class_weights="inverse_log"))
    with pytest.raises(ConfigError, match="class_weights: 'inverse_log' needs the classes' counts"):
        SegmentationTask(settings)
