"""A tiny recogniser learns, through the shared loop, and its checkpoint names clips."""

import json

import numpy as np
import pytest
import torch
from made_clips import CLASSES, MadeClips, make_clip

from dl_robotics import checkpoint
from dl_robotics.action.augmentation import ClipAugmentation
from dl_robotics.action.clip_recogniser import ClipRecogniser
from dl_robotics.action.config import RecogniserConfig
from dl_robotics.action.learning import ActionTask
from dl_robotics.action.report import ActivityReport
from dl_robotics.config import to_dict
from dl_robotics.data.split import Split
from dl_robotics.training.loop_recipe import LoopRecipe
from dl_robotics.training.optimizers import OptimizerConfig
from dl_robotics.training.supervised import SupervisedTrainer

SETTINGS = RecogniserConfig(
    classes=CLASSES,
    coordinates=3,
    sampling="clip",
    frames=8,
    streams=("joint", "joint_motion"),
    fusion="early",
    channels=(8, 8),
    strides=(1, 2),
    temporal_kernel=3,
    dropout=0.0,
)
RECIPE = LoopRecipe(
    steps=30, batch_size=8, optimizer=OptimizerConfig(learning_rate=0.02), evaluate_every=30, channels_last=False
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    torch.manual_seed(0)
    task = ActionTask(SETTINGS, ClipAugmentation(turn_deg=20.0, mirror=0.5, crop=0.8, noise=0.01), label_smoothing=0.05)
    data = Split(MadeClips(8), MadeClips(4, first=100))
    folder = tmp_path_factory.mktemp("run")
    outcome = SupervisedTrainer(task, data, RECIPE, folder, described=to_dict(RECIPE)).run()
    return outcome.best


def test_it_learns(trained):
    assert checkpoint.load(trained, "action").metrics["top1"] >= 0.9


def test_its_checkpoint_names_clips(trained):
    recogniser = ClipRecogniser.load(trained, backend="torch")
    assert recogniser.classes == CLASSES
    found = [recogniser(make_clip(label, 500)) for label in (0, 1)]
    assert [int(one.argmax()) for one in found] == [0, 1]
    assert [float(one.sum()) for one in found] == pytest.approx([1.0, 1.0])


def test_the_report_tells_how_early_it_knows(trained, tmp_path):
    recogniser = ClipRecogniser.load(trained, backend="torch")
    report = ActivityReport(CLASSES, recogniser)
    for label in (0, 1):
        report.add(make_clip(label, 500), recogniser(make_clip(label, 500)))
    report.write(tmp_path, {"checkpoint": "x"})
    told = json.loads((tmp_path / "report.json").read_text())
    assert told["figures"]["top1"] == 1.0
    assert told["early"]["shares"] == [0.25, 0.5, 0.75, 1.0]
    assert told["early"]["top1"][3] == 1.0
    assert told["confusion"]["counts"] == [[1, 0], [0, 1]]
    assert {"confusion.png", "classes.png", "early.png"} <= {path.name for path in tmp_path.iterdir()}
    assert "top1 after 25%" in report.table()


def test_damaged_weights_are_noticed():
    task = ActionTask(SETTINGS)
    with torch.no_grad():
        next(task.model.parameters()).fill_(torch.nan)
    with pytest.raises(FloatingPointError, match="its weights are damaged"):
        task.evaluate([make_clip(0)])


def test_examples_are_drawn_by_the_generator():
    task = ActionTask(SETTINGS, ClipAugmentation(turn_deg=90.0))
    clip = make_clip(0)
    one, same, other = (task.prepare(clip, np.random.default_rng(seed)).window for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
    batch = task.collate([task.prepare(clip, None)] * 3)
    assert batch.windows.shape == (3, *SETTINGS.input_shape[1:])
    assert batch.labels.tolist() == [0, 0, 0]
