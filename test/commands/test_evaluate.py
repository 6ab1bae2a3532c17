"""``evaluate`` from the command line to the files, on data and checkpoints made here."""

import json

import cv2
import numpy as np
import pytest
import torch

from dl_robotics import checkpoint, config
from dl_robotics.commands.__main__ import USER_ERROR, main
from dl_robotics.commands.judged import KINDS
from dl_robotics.detection.config import DetectorConfig
from dl_robotics.detection.model import build_detector
from dl_robotics.segmentation.config import SegmenterConfig
from dl_robotics.segmentation.model import build_model

VOC = """<annotation><filename>{name}</filename><size><width>96</width><height>64</height><depth>3</depth></size>
<object><name>ball</name><bndbox><xmin>{left}</xmin><ymin>11</ymin><xmax>{right}</xmax><ymax>40</ymax></bndbox></object>
</annotation>"""
SIZE = {"image_height": 64, "image_width": 96}


def picture(seed):
    return np.random.default_rng(seed).integers(256, size=(64, 96, 3), dtype=np.uint8)


@pytest.fixture
def photographs(tmp_path):
    folder = tmp_path / "photographs"
    for part in ("images", "annotations"):
        (folder / part).mkdir(parents=True)
    for number in range(3):
        cv2.imwrite(str(folder / f"images/{number}.png"), picture(number))
        text = VOC.format(name=f"{number}.png", left=11 + number, right=50 + number)
        (folder / f"annotations/{number}.xml").write_text(text)
    return folder


@pytest.fixture
def streets(tmp_path):
    for part in ("val", "valannot"):
        (tmp_path / "streets" / part).mkdir(parents=True)
    mask = np.zeros((64, 96), np.uint8)
    mask[40:], mask[:8] = 1, 7
    for number in range(2):
        cv2.imwrite(str(tmp_path / f"streets/val/a_{number}.png"), picture(number))
        cv2.imwrite(str(tmp_path / f"streets/valannot/a_{number}.png"), mask)
    return tmp_path / "streets"


@pytest.fixture
def detector(tmp_path):
    torch.manual_seed(0)
    settings = DetectorConfig(("background", "ball"), **SIZE)
    model = build_detector(settings)
    path = tmp_path / "detector.safetensors"
    checkpoint.save(path, checkpoint.Checkpoint("detector", model.state_dict(), config.to_dict(settings)))
    return path


@pytest.fixture
def segmenter(tmp_path):
    settings = SegmenterConfig(classes=("sky", "road"), **SIZE)
    weights, path = build_model(settings).state_dict(), tmp_path / "segmenter.safetensors"
    learned = {"recipe": {"data": {"paths": ["elsewhere"], "subset": "train", "ignored_values": [7]}}}
    checkpoint.save(path, checkpoint.Checkpoint("segmenter", weights, config.to_dict(settings), task=learned))
    return path


def test_a_detector_on_a_folder(detector, photographs, tmp_path, capsys):
    output = tmp_path / "report"
    assert main(["evaluate", str(detector), str(photographs), "--backend", "torch", "--output", str(output)]) == 0
    told = json.loads((output / "report.json").read_text())
    assert told["images"] == 3
    assert told["classes"]["ball"]["objects"] == 3
    assert 0.0 <= told["figures"]["AP"] <= told["figures"]["AP50"] <= 1.0
    assert told["speed"]["backend"] == "torch"
    assert 0.0 < told["speed"]["p50_ms"] <= told["speed"]["p95_ms"]
    printed = capsys.readouterr().out
    assert "AP50" in printed
    assert "3 images, torch:" in printed


def test_a_segmenter_reads_data_as_those_that_it_learned_from(segmenter, streets, capsys):
    # The untrained network gives all classes equal scores, and the first of equals is "sky": 32 of 56 rows that count.
    assert main(["evaluate", str(segmenter), str(streets), "--backend", "torch"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["accuracy", f"{32 / 56:.3f}"] in lines
    assert ["road", "0.000", "0.000", "-", f"{24 / 56:.3f}"] in lines


def test_settings_on_the_command_line_count_most(segmenter, streets, capsys):
    arguments = [str(segmenter), str(streets), "--backend", "torch", "--set", "ignored_values=[]"]
    assert main(["evaluate", *arguments]) == USER_ERROR
    assert "got 7" in capsys.readouterr().err


def test_other_checkpoints_and_data_are_refused(detector, photographs, tmp_path, capsys):
    policy = tmp_path / "policy.safetensors"
    checkpoint.save(policy, checkpoint.Checkpoint("dqn", {"weight": torch.zeros(1)}, {}))
    assert main(["evaluate", str(policy), str(photographs)]) == USER_ERROR
    assert f"expected one of {', '.join(KINDS)}, or --suite for a policy, got 'dqn'" in capsys.readouterr().err
    assert main(["evaluate", str(detector), str(tmp_path / "nowhere"), "--backend", "torch"]) == USER_ERROR
    assert "nowhere" in capsys.readouterr().err
