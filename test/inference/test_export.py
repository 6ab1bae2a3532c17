"""Exported networks compute what torch computes, or there is no file."""

import numpy as np
import onnx
import pytest
import torch
from small_network import random_images, small_network
from torch import nn

from dl_robotics.inference.backend import TOLERANCE, ExportError
from dl_robotics.inference.export import check, checked_export, export_onnx, fingerprint, fingerprint_of


@pytest.fixture(scope="module")
def exported():
    return checked_export(small_network(), random_images())[0]


def test_the_file_takes_batch_1_of_the_examples_size_and_carries_the_fingerprint(tmp_path):
    network, path = small_network(), tmp_path / "best.onnx"
    worst = export_onnx(network, random_images(), path, inputs=[random_images(1), np.zeros_like(random_images())])
    assert 0.0 <= worst <= TOLERANCE
    (graph_input,) = onnx.load(path).graph.input
    assert [size.dim_value for size in graph_input.type.tensor_type.shape.dim] == [1, 3, 33, 47]
    assert fingerprint_of(path.read_bytes()) == fingerprint(network, random_images())
    assert list(tmp_path.iterdir()) == [path]


def test_exporting_leaves_the_network_as_it_was(tmp_path):
    network = small_network().train()
    before = {name: weight.clone() for name, weight in network.state_dict().items()}
    export_onnx(network, random_images(), tmp_path / "best.onnx")
    assert network.training
    assert all(torch.equal(before[name], weight) for name, weight in network.state_dict().items())


def test_weights_layers_and_size_make_another_fingerprint():
    example = random_images()
    wider = np.zeros((1, 3, 33, 48), np.float32)
    linear = small_network()
    linear.deep[1] = nn.Identity()
    prints = [
        fingerprint(small_network(), example),
        fingerprint(small_network(seed=1), example),
        fingerprint(small_network(), wider),
        fingerprint(linear, example),
    ]
    assert len(set(prints)) == 4
    assert fingerprint(small_network(), example) == prints[0]


def test_a_file_of_other_weights_does_not_pass_and_figures_are_told(exported):
    with pytest.raises(ExportError, match=r"SmallNetwork: onnxruntime computes .* at most 0\.0001 of .*, got \d"):
        check(small_network(seed=1), exported, [random_images()])


class OfTheBatch(nn.Module):
    """Takes a decision in Python that a trace cannot see."""

    def forward(self, images):
        return images * 2 if float(images.mean()) > 0 else images * 3


def test_a_decision_that_a_trace_cannot_see_is_found(tmp_path):
    inputs = [np.full((1, 3, 4, 4), value, np.float32) for value in (1.0, -1.0)]
    with pytest.raises(ExportError, match="OfTheBatch: onnxruntime computes something else"):
        export_onnx(OfTheBatch(), inputs[0], tmp_path / "best.onnx", inputs[1:])
    assert not list(tmp_path.iterdir())


class Unexportable(nn.Module):
    """Uses what ONNX has no word for."""

    def forward(self, images):
        return torch.linalg.svdvals(images)


def test_what_torch_cannot_export_is_told(tmp_path):
    with pytest.raises(ExportError, match=r"Unexportable: torch cannot export it: .*svd"):
        export_onnx(Unexportable(), random_images(), tmp_path / "best.onnx")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"", b"not a network", b"\x00" * 100])
def test_what_is_no_exported_network_has_no_fingerprint(content):
    assert fingerprint_of(content) == ""
