"""The export command: files beside the checkpoint, figures, and refusals in one line."""

import numpy as np
import pytest
import torch
from tiny_masks import SIZE, draw, recipe_of, save_masks

from dl_robotics import checkpoint, config
from dl_robotics.commands.__main__ import USER_ERROR, main
from dl_robotics.commands.benchmark.random_models import save_random_detector, save_random_segmenter
from dl_robotics.detection.config import detector_config
from dl_robotics.detection.model import build_detector
from dl_robotics.detection.stage import Detector
from dl_robotics.inference.backend import difference
from dl_robotics.inference.choose import make_backend
from dl_robotics.segmentation.lraspp import LRASPP
from dl_robotics.segmentation.stage import Segmenter
from dl_robotics.segmentation.voc import VOC_CLASSES
from dl_robotics.training.exportable import load_exportable
from dl_robotics.training.recipes.images import ImageRecipe
from dl_robotics.training.runs import train
from dl_robotics.training.supervised import BEST


@pytest.fixture(scope="module")
def masks(tmp_path_factory):
    return save_masks(tmp_path_factory.mktemp("masks"), train=8, val=8)


@pytest.fixture(scope="module")
def segmenter(masks, tmp_path_factory):
    """A segmenter that has learned a little."""
    folder = tmp_path_factory.mktemp("run")
    train(config.from_dict(ImageRecipe, recipe_of(masks)), folder)
    return folder / BEST


@pytest.mark.parametrize(("make", "load"), [(save_random_detector, Detector), (save_random_segmenter, Segmenter)])
def test_a_stage_uses_what_was_exported_beside_its_checkpoint(tmp_path, capsys, caplog, make, load):
    path = make(tmp_path / "best.safetensors", image_height=64, image_width=96)
    assert main(["export", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{tmp_path}/best.onnx: ")
    assert "differs from torch by " in lines[0]
    assert [line.split()[0] for line in lines[1:]] == ["torch", "onnxruntime", "openvino"]
    assert sum("<- auto" in line for line in lines) == 1
    stage = load.load(path, backend="onnxruntime")
    assert "exported" not in caplog.text  # neither missing nor stale

    exportable = load_exportable(path)
    images = np.random.default_rng(0).standard_normal(exportable.example.shape, np.float32)
    expected = make_backend("torch", exportable.network, exportable.example)(images)
    assert difference(expected, stage.backend(images)) <= 1e-4


def test_training_ends_with_an_export(tmp_path, masks, capsys):
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(str(recipe_of(masks, steps=2, evaluate_every=2)))
    assert main(["train", str(recipe), "--output", str(tmp_path / "run")]) == 0
    assert "best.onnx: differs from torch by " in capsys.readouterr().out
    assert (tmp_path / "run" / "best.onnx").exists()


def test_int8_is_judged_by_labelled_data(segmenter, masks, tmp_path, capsys):
    arguments = ["export", str(segmenter), "--output", str(tmp_path / "a.onnx"), "--int8"]
    data = ["--calibration", str(masks), "--subset", "val"]
    assert main([*arguments, *data, "--allowed-drop", "0.2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith(f"{tmp_path}/a.int8.onnx: miou 0.")
    assert lines[1].endswith(": kept")
    assert [line.split()[0] for line in lines[-2:]] == ["onnxruntime-int8", "openvino-int8"]

    assert main([*arguments, *data, "--allowed-drop", "-1"]) == 0
    assert "not kept: more than -1 is lost" in capsys.readouterr().out
    assert not (tmp_path / "a.int8.onnx").exists()

    assert main(arguments) == USER_ERROR
    assert "--calibration: expected labelled data, got []" in capsys.readouterr().err


def test_torchvisions_detector_becomes_a_checkpoint_and_an_export(tmp_path, capsys):
    architecture, weights = "ssdlite320_mobilenet_v3_large", tmp_path / "published.pth"
    classes = tuple(f"class {number}" for number in range(90))
    torch.save(
        build_detector(detector_config(("background", *classes), {"architecture": architecture})).state_dict(), weights
    )
    output = tmp_path / "coco.safetensors"
    assert main(["export", str(weights), "--from-torchvision", architecture, "--output", str(output)]) == 0
    assert capsys.readouterr().out.startswith(f"{output}: ")
    stage = Detector.load(output, backend="onnxruntime")
    assert len(stage.classes) == 91
    assert stage.classes[1] == "person"
    assert (tmp_path / "coco.onnx").exists()


def test_torchvisions_segmenter_becomes_a_checkpoint(tmp_path):
    weights, output = tmp_path / "published.pth", tmp_path / "voc.safetensors"
    torch.save(LRASPP(len(VOC_CLASSES)).state_dict(), weights)
    arguments = ["export", str(weights), "--from-torchvision", "lraspp_mobilenet_v3_large", "--output", str(output)]
    assert main(arguments) == 0
    assert checkpoint.load(output, "segmenter").config["classes"] == list(VOC_CLASSES)
    assert Segmenter.load(output, backend="openvino")(draw(np.random.default_rng(0))[0]).ids.shape == (SIZE, SIZE)


def test_what_cannot_be_exported_or_imported_is_refused_in_one_line(tmp_path, capsys):
    def told(*arguments):
        assert main(["export", *map(str, arguments)]) == USER_ERROR
        (line,) = capsys.readouterr().err.splitlines()
        return line

    policy, weights = tmp_path / "policy.safetensors", tmp_path / "half.pth"
    checkpoint.save(policy, checkpoint.Checkpoint("dqn", {"weight": torch.zeros(1)}, {}))
    expected = "'action' or 'detector' or 'segmenter' or 'sequence'"
    assert f"expected a checkpoint of kind {expected}, got 'dqn'" in told(policy)
    assert "nowhere.safetensors: No such file" in told(tmp_path / "nowhere.safetensors")
    torch.save({"backbone.0.0.weight": torch.zeros(1)}, weights)
    imported = [weights, "--from-torchvision", "lraspp_mobilenet_v3_large"]
    assert "--output: expected the checkpoint to make" in told(*imported)
    assert "half.pth: does not fit lraspp_mobilenet_v3_large with 21 classes" in told(
        *imported, "--output", tmp_path / "voc.safetensors"
    )
