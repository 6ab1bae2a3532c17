"""From a recipe to a trained model."""

import math

import numpy as np
import pytest
import torch
from tiny_masks import CLASSES, recipe_of, save_masks, save_recipe

from dl_robotics import checkpoint, config
from dl_robotics.checkpoint import CheckpointError
from dl_robotics.commands.__main__ import main
from dl_robotics.config import ConfigError
from dl_robotics.data.errors import DataError
from dl_robotics.nn.pretrained import WeightsError
from dl_robotics.segmentation.stage import Segmenter
from dl_robotics.training.recipes.images import ImageRecipe
from dl_robotics.training.runs import prepare_run, train
from dl_robotics.training.supervised import BEST, LAST


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_masks(tmp_path_factory.mktemp("masks"))


@pytest.fixture(scope="module")
def trained(folder, tmp_path_factory):
    """The best checkpoint of a short run."""
    output = tmp_path_factory.mktemp("run")
    train(recipe(folder), output)
    return output / BEST


def recipe(folder, **changes):
    return config.from_dict(ImageRecipe, recipe_of(folder, **changes))


def test_a_run_learns_and_its_checkpoint_is_a_stage(trained):
    saved = checkpoint.load(trained, "segmenter")
    assert saved.metrics["miou"] > 0.5  # all floor: 0.375
    assert saved.config["classes"] == list(CLASSES)
    assert saved.task["recipe"]["steps"] == 12
    assert Segmenter.load(trained, backend="torch")(np.zeros((32, 32, 3), np.uint8)).ids.shape == (32, 32)


def test_the_command_trains_and_resumes(tmp_path, folder, trained, capsys):
    path, output = save_recipe(tmp_path / "recipe.yaml", folder), tmp_path / "run"
    arguments = ["train", str(path), "--output", str(output), "--seed", "0", "--set", "log_every=3"]
    assert main(arguments) == 0
    assert f"{output / BEST}: " in capsys.readouterr().out
    assert main(arguments) == 2
    assert "output: expected a folder without a run, or --resume" in capsys.readouterr().err
    assert main([*arguments, "--resume"]) == 0
    ours, theirs = checkpoint.load(output / BEST), checkpoint.load(trained)
    assert all(torch.equal(weight, theirs.weights[name]) for name, weight in ours.weights.items())


def test_a_model_is_trained_on(tmp_path, folder, trained):
    tuned = recipe(folder, steps=1, transfer={"checkpoint": str(trained)}, optimizer={"learning_rate": 1e-9})
    train(tuned, tmp_path)
    first, last = checkpoint.load(trained).weights, checkpoint.load(tmp_path / LAST).weights
    assert torch.allclose(first["backbone.0.0.weight"], last["backbone.0.0.weight"], atol=1e-6)


def test_a_model_learns_new_classes(tmp_path, folder, trained):
    transfer = {"checkpoint": str(trained), "new_classes": True}
    plain = recipe_of(folder, steps=1, transfer=transfer, optimizer={"learning_rate": 1e-9})
    for data in (plain["data"], plain["validation"]["data"]):
        data["classes"] = [*CLASSES, "circle"]
    train(config.from_dict(ImageRecipe, plain), tmp_path)
    first, last = checkpoint.load(trained).weights, checkpoint.load(tmp_path / LAST)
    assert last.config["classes"] == [*CLASSES, "circle"]
    other = {name for name in first if first[name].shape != last.weights[name].shape}
    assert other
    kept = [name for name in first.keys() - other if first[name].is_floating_point() and "running" not in name]
    assert all(torch.allclose(first[name], last.weights[name], atol=1e-6) for name in kept)


def test_a_frozen_backbone_stays_as_its_file_has_it(tmp_path, folder, trained):
    transfer = {"backbone": str(trained), "frozen_stages": 4}
    train(recipe(folder, steps=2, transfer=transfer), tmp_path)
    first, last = checkpoint.load(trained).weights, checkpoint.load(tmp_path / LAST).weights
    backbone = [name for name in first if name.startswith("backbone.")]
    assert all(torch.equal(first[name], last[name]) for name in backbone)
    assert any(not torch.equal(first[name], last[name]) for name in first.keys() - backbone)


@pytest.mark.parametrize(
    ("changes", "error", "told"),
    [
        ({"task": "detektion"}, ConfigError, "task: expected"),
        ({"task": "detection"}, ConfigError, "model.classes: expected 'background' and one or more names, got"),
        ({"steps": None}, ConfigError, "either epochs or steps"),
        ({"epochs": 3}, ConfigError, "either epochs or steps"),
        ({"model": {"clases": 3}}, ConfigError, "model.clases: unknown key"),
        ({"model": {"classes": ["a", "b"]}}, ConfigError, "model.classes: expected nothing: data.classes names them"),
        ({"transfer": {"checkpoint": "no.safetensors"}}, CheckpointError, "no.safetensors: No such file"),
        ({"transfer": {"backbone": "no.pth"}}, WeightsError, "no.pth: No such file"),
        ({"transfer": {"new_classes": True}}, ConfigError, "new_classes: expected false without a checkpoint"),
        ({"transfer": {"frozen_stages": 9}}, ConfigError, "frozen_stages: expected 0 to 4, got 9"),
        ({"validation": {"folds": 3, "fold": 3}}, ConfigError, "validation.fold: expected 0 to 2, got 3"),
        ({"validation": {"folds": 99}}, DataError, "folds: expected 2 to 12 folds"),
    ],
)
def test_refused_by_name(tmp_path, folder, changes, error, told):
    with pytest.raises(error, match=told):
        prepare_run(recipe(folder, **changes), tmp_path)


def test_classes_that_do_not_fit_the_checkpoint_are_refused_by_name(tmp_path, folder, trained):
    plain = recipe_of(folder, transfer={"checkpoint": str(trained)})
    for data in (plain["data"], plain["validation"]["data"]):
        data["classes"] = ["floor", "circle"]
    told = (
        r"classes: expected \['floor', 'circle'\] as in the data, got \['floor', 'square'\]; lacks circle; has square"
    )
    with pytest.raises(CheckpointError, match=told):
        prepare_run(config.from_dict(ImageRecipe, plain), tmp_path)


def test_other_classes_in_the_validation_data_are_refused_by_name(tmp_path, folder):
    plain = recipe_of(folder)
    plain["validation"]["data"]["classes"] = ["floor", "circle"]
    with pytest.raises(DataError, match=r"validation\.data: expected the classes of the training data, floor, square"):
        prepare_run(config.from_dict(ImageRecipe, plain), tmp_path)


def test_validation_data_are_set_apart(tmp_path, folder):
    trainer = prepare_run(recipe(folder, validation={"split": {"validation": 0.25, "guard": 0}}), tmp_path)
    parts = [{data[index].source for index in range(len(data))} for data in trainer.data]
    assert [len(part) for part in parts] == [9, 3]
    assert not parts[0] & parts[1]
    assert trainer.total == 12


@pytest.mark.parametrize("fold", range(2))
def test_folds(tmp_path, folder, fold):
    validated = [
        prepare_run(recipe(folder, validation={"folds": 2, "fold": k}), tmp_path).data.validation for k in (0, 1)
    ]
    sources = [{data[index].source for index in range(len(data))} for data in validated]
    assert len(sources[0] | sources[1]) == 12
    assert math.isclose(len(sources[fold]), 6)
