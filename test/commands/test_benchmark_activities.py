"""The benchmark of activities: everybody counts once, by what is said last; the shipped recogniser keeps its word."""

import numpy as np
import pytest

from dl_robotics.action.stage import ActionRecogniser
from dl_robotics.commands.__main__ import main
from dl_robotics.commands.benchmark import activities
from dl_robotics.commands.benchmark.random_models import save_random_recogniser
from dl_robotics.ops.skeletons import Skeletons
from dl_robotics.resources import config_file

CLASSES = ("stand", "fall", "wave")
SMALL = {"layout": "coco17", "frames": 10, "rate_hz": 10.0, "channels": (4,), "strides": (1,), "scored": True}


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return save_random_recogniser(tmp_path_factory.mktemp("model") / "random.safetensors", CLASSES, **SMALL)


def test_a_network_that_has_learned_nothing_breaks_the_promise(model, capsys):
    assert main(["benchmark", "activities", "--model", str(model), "--clips", "12", "--films", "0"]) == 1
    told = capsys.readouterr().out
    assert [line.split()[3] for line in told.splitlines()[:3]] == list(CLASSES)
    assert "of 12; promised 0.95" in told


def test_each_clip_is_counted_once(model):
    stage = ActionRecogniser.load(model, backend="torch")
    confusion = activities.of_clips(stage, 7, seed=0)
    assert confusion.shape == (3, 4)
    assert confusion.sum(axis=1).tolist() == [3, 2, 2]


def test_the_last_word_counts_and_silence_is_none(model):
    stage = ActionRecogniser.load(model, backend="torch")
    assert activities.last_word(stage, ()) == 0
    nobody = Skeletons.none(17)
    person = Skeletons(np.ones((1, 17, 3), np.float32), np.ones((1, 17), np.float32), np.zeros(1, np.int64))
    seen = [(0.1 * frame, person) for frame in range(20)]
    word = activities.last_word(stage, seen)
    assert word in (0, 1, 2, 3)
    assert activities.last_word(stage, [*seen, (2.0, nobody)]) == word


def test_a_table_tells_who_was_taken_for_what(model, capsys):
    stage = ActionRecogniser.load(model, backend="torch")
    confusion = np.array([[0, 4, 0, 0], [0, 0, 4, 0], [1, 0, 0, 3]])
    assert activities.told("clips", confusion, stage, 0.9)
    assert not activities.told("clips", confusion, stage, 0.95)
    assert "clips: wave         3 of    4  {'unknown': 1}" in capsys.readouterr().out


def test_the_shipped_recogniser_knows_people_it_has_never_seen():
    stage = ActionRecogniser.load(config_file("models", "recogniser.safetensors"), backend="torch", threads=1)
    stage.settings = activities.JUDGING
    confusion = activities.of_clips(stage, 60, seed=77)
    assert np.diagonal(confusion[:, 1:]).sum() >= 54
