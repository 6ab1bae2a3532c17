"""Recognisers from checkpoints, from the authors' files, and in other runtimes."""

import pytest
import torch
from random_network import random_joints, random_network

from dl_robotics import checkpoint
from dl_robotics.action.config import FULL_CHANNELS, FULL_STRIDES, RecogniserConfig
from dl_robotics.action.model import KIND, build_model, load_model
from dl_robotics.action.published import load_stgcn
from dl_robotics.checkpoint import Checkpoint, CheckpointError
from dl_robotics.commands.__main__ import main
from dl_robotics.config import from_dict, to_dict
from dl_robotics.inference.backend import TOLERANCE, difference
from dl_robotics.inference.choose import make_backend
from dl_robotics.nn.weights import WeightsError

AS_PUBLISHED = {"channels": FULL_CHANNELS, "strides": FULL_STRIDES, "temporal_kernel": 9}


def test_a_checkpoint_gives_the_same_network(tmp_path):
    model, config = random_network(streams=("joint", "bone"), persons=2)
    path = tmp_path / "best.safetensors"
    checkpoint.save(path, Checkpoint(KIND, model.state_dict(), to_dict(config)))
    again, settings = load_model(path)
    x = random_joints(config, config.frames)
    assert settings == config
    assert not again.training
    assert torch.equal(again(x), model(x))


def test_weights_of_other_settings_are_refused(tmp_path):
    model, _ = random_network()
    _, config = random_network(layout="coco17")
    path = tmp_path / "best.safetensors"
    checkpoint.save(path, Checkpoint(KIND, model.state_dict(), to_dict(config)))
    with pytest.raises(CheckpointError, match=r"best.safetensors: its weights do not fit its settings: A: expected"):
        load_model(path)


@pytest.mark.parametrize("backend", ["onnxruntime", "openvino"])
@pytest.mark.parametrize("settings", [{}, {"streams": ("joint", "bone_motion"), "padded": False, "persons": 2}])
def test_other_runtimes_compute_the_same(backend, settings):
    model, config = random_network(**settings)
    x = random_joints(config, config.frames).numpy()
    found = make_backend(backend, model, x, threads=1)(x)
    assert difference(make_backend("torch", model, x, threads=1)(x), found) <= TOLERANCE


@pytest.mark.parametrize(
    ("layout", "coordinates", "normalisation"), [("openpose18", 2, "image"), ("kinect_v2_25", 3, "none")]
)
def test_the_authors_files_become_checkpoints(tmp_path, layout, coordinates, normalisation):
    path = tmp_path / "st_gcn.pt"
    model, config = random_network(
        layout=layout, persons=2, coordinates=coordinates, scored=coordinates == 2, **AS_PUBLISHED
    )
    torch.save(model.state_dict(), path)
    found = load_stgcn(path, layout)
    settings = from_dict(RecogniserConfig, found.config)
    assert settings.classes == ("0", "1", "2")
    assert (settings.partition, settings.hops, settings.normalisation) == ("spatial", 1, normalisation)
    again = build_model(settings).eval()
    again.load_state_dict(found.weights)
    x = random_joints(config, 12)
    assert torch.equal(again(x), model(x))
    with pytest.raises(WeightsError, match=r"st_gcn.pt: no ST-GCN of .*: A: expected the adjacency of a partition"):
        load_stgcn(path, {"openpose18": "kinect_v2_25"}.get(layout, "openpose18"))


def test_a_file_of_something_else_is_refused(tmp_path):
    path = tmp_path / "st_gcn.pt"
    torch.save({"A": torch.eye(18)[None]}, path)
    with pytest.raises(WeightsError, match=r"st_gcn.pt: no ST-GCN of openpose18: lacks fcn.weight"):
        load_stgcn(path, "openpose18")


def test_the_export_command_takes_recognisers(tmp_path, capsys):
    model, config = random_network()
    path = tmp_path / "best.safetensors"
    checkpoint.save(path, Checkpoint(KIND, model.state_dict(), to_dict(config)))
    assert main(["export", str(path)]) == 0
    assert "best.onnx" in capsys.readouterr().out
    assert (tmp_path / "best.onnx").stat().st_size > 1000
